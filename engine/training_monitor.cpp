#include "engine/training_monitor.h"

#include <cmath>

#include "kernels/support/error.h"

namespace matinee::engine {

void SilentMonitor::metric(int64_t epoch, std::string_view name, double value) {
  if (!std::isfinite(value)) fail(ErrorKind::kDiverged, "{} is {} in epoch {}", name, value, epoch);
}

}  // namespace matinee::engine
