#pragma once

#include <cstdint>
#include <memory>

#include "kernels/support/device.h"
#include "kernels/support/precision.h"
#include "kernels/support/thread_pool.h"

namespace matinee {

class CudaResources;  // cuda_resources.cuh: streams, handles and memory of a CUDA device

// What an operation needs besides its operands: where it runs, with how many threads and, on a CUDA device, with which
// streams, handles and memory. One thread at a time uses a context.
class Context {
 public:
  // `device_memory_limit`: bytes of device memory that operations may hold at once; 0: what is free there.
  // Error(kDevice) where the device cannot be used.
  Context(Device device, int threads, int64_t device_memory_limit = 0);

  Device device() const { return device_; }
  bool on_cuda() const { return device_.kind == DeviceKind::kCuda; }
  ThreadPool& pool() { return pool_; }
  int threads() const { return pool_.threads(); }

  // Of operations that are made or called from now on.
  Precision precision() const { return precision_; }
  void set_precision(Precision precision) { precision_ = precision; }

  // Only on a CUDA device.
  CudaResources& cuda();

  // The most bytes of device memory held at once since the start or the last reset. 0 on the CPU.
  int64_t peak_device_bytes() const;
  void reset_peak_device_bytes();
  // From now on operations may hold so many bytes of device memory at once. Nothing on the CPU.
  void limit_device_bytes(int64_t bytes);
  // Bytes of device memory that operations may still take. 0 on the CPU.
  int64_t available_device_bytes() const;

 private:
  Device device_;
  ThreadPool pool_;
  Precision precision_ = Precision::kFp32;
  std::shared_ptr<CudaResources> cuda_;
};

// Sets the precision of a context for as long as it lives.
class PrecisionScope {
 public:
  PrecisionScope(Context& context, Precision precision) : context_(context), before_(context.precision()) {
    context.set_precision(precision);
  }
  ~PrecisionScope() { context_.set_precision(before_); }
  PrecisionScope(const PrecisionScope&) = delete;
  PrecisionScope& operator=(const PrecisionScope&) = delete;

 private:
  Context& context_;
  Precision before_;
};

// Calls body(begin, end, worker) for consecutive blocks of at most `grain` of 0 .. count-1. The blocks depend on count
// and grain only, never on the number of threads.
template <typename Body>
void parallel_blocks(Context& context, int64_t count, int64_t grain, const Body& body) {
  const int64_t blocks = (count + grain - 1) / grain;
  context.pool().run(blocks, [&](int64_t block, int worker) {
    const int64_t begin = block * grain;
    const int64_t end = begin + grain < count ? begin + grain : count;
    body(begin, end, worker);
  });
}

}  // namespace matinee
