#include "host/run/exit_code.h"

#include <new>

#include "engine/training_monitor.h"
#include "host/run/signals.h"
#include "kernels/support/error.h"

namespace matinee::host {

int exit_code_of(const std::exception_ptr& failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const Error& error) {
    return static_cast<int>(error.kind());
  } catch (const engine::Stopped&) {
    return 128 + stop_signal();
  } catch (const std::bad_alloc&) {
    return static_cast<int>(ErrorKind::kMemory);
  } catch (...) {
    return static_cast<int>(ErrorKind::kArtifact);  // of the standard library: file system errors
  }
}

}  // namespace matinee::host
