// Mistakes with barriers and warp collectives: found with and without the checks of memory.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "tests/check/planted_bug.h"

namespace simulated_gpu::test {
namespace {

template <bool kRight>
__global__ void divergent_barrier_kernel(float* out) {  // 64 threads
  if (threadIdx.x < 32 || kRight) __syncthreads();
  out[threadIdx.x] = 1.0f;
  if (threadIdx.x >= 32 || kRight) __syncthreads();
}

// Half of the warp waits for lanes that wait in a barrier.
template <bool kRight>
__global__ void stuck_kernel(float* out) {  // 32 threads
  if (threadIdx.x < 16) {
    out[threadIdx.x] = __shfl_xor_sync(kRight ? 0x0000ffffu : 0xffffffffu, 1.0f, 1);
  } else {
    out[threadIdx.x] = 1.0f;
    if (!kRight) __syncthreads();
  }
  if (kRight) __syncthreads();
}

template <bool kRight>
__global__ void absent_lane_kernel(float* out) {  // 32 threads
  float value = 1.0f;
  if (kRight || threadIdx.x < 16) {
    value = __shfl_down_sync(kRight ? 0xffffffffu : 0x0000ffffu, value, 8);  // lanes 8 to 15 read 16 to 23
  }
  out[threadIdx.x] = value;
}

// A lane that is not in the mask that it gives.
template <bool kRight>
__global__ void foreign_mask_kernel(float* out) {  // 32 threads
  const unsigned mask = kRight ? 0xffffffffu : 0x0000ffffu;
  out[threadIdx.x] = float(__popc(__ballot_sync(mask, 1))) / 32.0f;
}

using Kernel = void (*)(float*);

bool run(Kernel kernel, unsigned threads) {
  DeviceBuffer<float> out(threads);
  kernel<<<1, threads>>>(out.data());
  return cudaDeviceSynchronize() == cudaSuccess && out.values() == std::vector<float>(threads, 1.0f);
}

const char* const kFile = "synchronisation_bugs_test.cu:";

const std::vector<PlantedBug> kBugs = {
    {"DivergentBarrier", "barrier-divergence", kFile, [] { run(divergent_barrier_kernel<false>, 64); },
     [] { return run(divergent_barrier_kernel<true>, 64); }},
    {"StuckBarrier", "deadlock", kFile, [] { run(stuck_kernel<false>, 32); },
     [] { return run(stuck_kernel<true>, 32); }},
    {"ShuffleFromAbsentLane", "shuffle", kFile, [] { run(absent_lane_kernel<false>, 32); },
     [] { return run(absent_lane_kernel<true>, 32); }},
    {"LaneOutsideItsMask", "warp-mask", kFile, [] { run(foreign_mask_kernel<false>, 32); },
     [] { return run(foreign_mask_kernel<true>, 32); }},
};

class SynchronisationBugs : public testing::TestWithParam<PlantedBug> {};

TEST_P(SynchronisationBugs, IsFoundAndItsTwinIsNot) {
  expect_found(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Planted, SynchronisationBugs, testing::ValuesIn(kBugs),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace simulated_gpu::test
