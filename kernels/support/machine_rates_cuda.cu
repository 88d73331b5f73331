#include <algorithm>
#include <functional>

#include "kernels/support/device_buffer.cuh"
#include "kernels/support/launch.cuh"
#include "kernels/support/machine_rates.h"

namespace matinee {
namespace {

// Register arithmetic only: 2 flops per step and accumulator, no bytes moved but one float per thread at the end.
constexpr int kTries = 3, kSteps = 512, kAccumulators = 16, kThreads = 256, kBlocksPerMultiprocessor = 8;
constexpr int64_t kCopiedBytes = int64_t{256} << 20;  // beyond the second level of cache

__global__ void multiply_adds_kernel(float factor, float term, float* sums) {
  float own[kAccumulators];
#pragma unroll
  for (int n = 0; n < kAccumulators; ++n) own[n] = static_cast<float>(threadIdx.x + n);
  for (int step = 0; step < kSteps; ++step) {
#pragma unroll
    for (int n = 0; n < kAccumulators; ++n) own[n] = __fmaf_rn(own[n], factor, term);
  }
  float total = 0;
#pragma unroll
  for (int n = 0; n < kAccumulators; ++n) total += own[n];
  sums[grid_thread(blockIdx.x, blockDim.x, threadIdx.x)] = total;
}

// An event that tells the time, unlike those that only order work.
class Moment {
 public:
  Moment() { check_cuda(cudaEventCreate(&event_), "cudaEventCreate"); }
  ~Moment() { warn_cuda(cudaEventDestroy(event_), "cudaEventDestroy"); }
  Moment(const Moment&) = delete;
  Moment& operator=(const Moment&) = delete;

  void record(cudaStream_t stream) { check_cuda(cudaEventRecord(event_, stream), "cudaEventRecord"); }
  double seconds_since(const Moment& earlier) const {
    float milliseconds = 0;
    check_cuda(cudaEventElapsedTime(&milliseconds, earlier.event_, event_), "cudaEventElapsedTime");
    return static_cast<double>(milliseconds) * 1e-3;
  }

 private:
  cudaEvent_t event_ = nullptr;
};

// Seconds of the fastest of several tries; `work` puts something into the stream.
double best_of(CudaResources& cuda, const std::function<void()>& work) {
  work();
  double best = 0;
  for (int number = 0; number < kTries; ++number) {
    Moment start, end;
    start.record(cuda.stream());
    work();
    end.record(cuda.stream());
    cuda.synchronize();
    const double seconds = end.seconds_since(start);
    best = number == 0 ? seconds : std::min(best, seconds);
  }
  return best;
}

double copy_rate(CudaResources& cuda) {
  DeviceBuffer<char> from(cuda, kCopiedBytes), to(cuda, kCopiedBytes);
  from.clear();
  const double seconds = best_of(cuda, [&] {
    check_cuda(cudaMemcpyAsync(to.data(), from.data(), static_cast<std::size_t>(kCopiedBytes), cudaMemcpyDeviceToDevice,
                               cuda.stream()),
               "cudaMemcpyAsync");
  });
  return 2.0 * static_cast<double>(kCopiedBytes) / seconds;
}

double flop_rate(CudaResources& cuda) {
  const int64_t threads = int64_t{cuda.multiprocessors()} * kBlocksPerMultiprocessor * kThreads;
  DeviceBuffer<float> sums(cuda, threads);
  const double seconds = best_of(cuda, [&] {
    launch(cuda, Kernel("multiply_adds_kernel", multiply_adds_kernel), one_thread_each(threads, kThreads), 0.999f,
           0.001f, sums.data());
  });
  return 2.0 * kSteps * kAccumulators * static_cast<double>(threads) / seconds;
}

}  // namespace

MachineRates measure_machine_cuda(Context& context) {
  return {copy_rate(context.cuda()), flop_rate(context.cuda())};
}

}  // namespace matinee
