// Counters against what can be said by hand of simple kernels.
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "testing/simulated_gpu.h"

namespace simulated_gpu::test {
namespace {

__global__ void copy_kernel(const float* in, float* out, int stride, int offset) {
  const unsigned i = (blockIdx.x * blockDim.x + threadIdx.x) * unsigned(stride) + unsigned(offset);
  out[i] = in[i];
}

__global__ void copy4_kernel(const float4* in, float4* out) {
  const unsigned i = blockIdx.x * blockDim.x + threadIdx.x;
  out[i] = in[i];
}

// Each of 32 threads writes one word, `stride` words apart, and reads another's.
__global__ void banks_kernel(float* out, int stride) {
  __shared__ float values[32 * 32];
  values[threadIdx.x * unsigned(stride)] = 1.0f;
  __syncthreads();
  out[threadIdx.x] = values[(31 - threadIdx.x) * unsigned(stride)];
}

__global__ void banks4_kernel(float4* out) {  // 16-byte accesses go through by quarters of the warp
  __shared__ float4 values[32];
  values[threadIdx.x] = float4{1, 2, 3, 4};
  __syncthreads();
  out[threadIdx.x] = values[31 - threadIdx.x];
}

__global__ void atomics_kernel(int* counters, int distinct) {
  atomicAdd(&counters[threadIdx.x % unsigned(distinct)], 1);
}

__global__ void divergent_kernel(float* out) {
  if (threadIdx.x % 2 == 0) {
    out[threadIdx.x] = sqrtf(out[threadIdx.x]);
  } else {
    out[threadIdx.x] = out[threadIdx.x] / 3.0f + __fdiv_rn(1.0f, out[threadIdx.x]);
  }
}

class Counters : public testing::Test {
 protected:
  void SetUp() override { set_counting(true); }
  void TearDown() override { set_counting(false); }
  // The only launch since SetUp.
  SimulatedGpuLaunch counted() {
    must(cudaDeviceSynchronize());
    const std::vector<SimulatedGpuLaunch> launches = counted_launches();
    EXPECT_EQ(launches.size(), 1u);
    return launches.back();
  }
};

TEST_F(Counters, OfACoalescedCopy) {
  const DeviceBuffer<float> in(std::vector<float>(1024, 1.0f)), out(1024);
  copy_kernel<<<4, 256>>>(in.data(), out.data(), 1, 0);
  const SimulatedGpuLaunch c = counted();
  EXPECT_EQ(std::string(c.kernel), "simulated_gpu::test::(anonymous namespace)::copy_kernel");
  EXPECT_EQ(c.grid[0], 4u);
  EXPECT_EQ(c.block[0], 256u);
  EXPECT_EQ(c.load_requests, 32u);
  EXPECT_EQ(c.load_bytes, 4096u);
  EXPECT_EQ(c.load_sectors, 128u);
  EXPECT_EQ(c.store_sectors, 128u);
  EXPECT_EQ(c.distinct_sectors, 256u);
  EXPECT_EQ(c.thread_instructions, 32 * c.warp_instructions);
  EXPECT_EQ(c.divergent_branches, 0u);
}

TEST_F(Counters, OfAMisalignedCopyMoveOneSectorMore) {
  const DeviceBuffer<float> in(std::vector<float>(1100, 1.0f)), out(1100);
  copy_kernel<<<4, 256>>>(in.data(), out.data(), 1, 1);
  const SimulatedGpuLaunch c = counted();
  EXPECT_EQ(c.load_sectors, 32u * 5);
  EXPECT_EQ(c.distinct_sectors, 2u * 129);
}

TEST_F(Counters, OfAStridedCopyMoveASectorForEachLane) {
  const DeviceBuffer<float> in(std::vector<float>(8192, 1.0f)), out(8192);
  copy_kernel<<<4, 256>>>(in.data(), out.data(), 8, 0);
  EXPECT_EQ(counted().load_sectors, 1024u);
}

TEST_F(Counters, OfWideAccesses) {
  const DeviceBuffer<float4> in(std::vector<float4>(256, float4{1, 2, 3, 4})), out(256);
  copy4_kernel<<<1, 256>>>(in.data(), out.data());
  const SimulatedGpuLaunch c = counted();
  EXPECT_EQ(c.load_requests, 8u);
  EXPECT_EQ(c.load_sectors, 128u);
}

TEST_F(Counters, OfSharedMemoryWithoutConflicts) {
  const DeviceBuffer<float> out(32);
  banks_kernel<<<1, 32>>>(out.data(), 1);
  const SimulatedGpuLaunch c = counted();
  EXPECT_EQ(c.shared_requests, 2u);
  EXPECT_EQ(c.shared_passes, 2u);
  EXPECT_EQ(c.barriers, 1u);
  EXPECT_EQ(c.shared_bytes, 4096u);
}

TEST_F(Counters, OfSharedMemoryInOneBank) {
  const DeviceBuffer<float> out(32);
  banks_kernel<<<1, 32>>>(out.data(), 32);
  const SimulatedGpuLaunch c = counted();
  EXPECT_EQ(c.shared_passes, 64u);
  EXPECT_EQ(c.shared_least_passes, 2u);
}

TEST_F(Counters, OfSharedMemoryInTwoBanks) {
  const DeviceBuffer<float> out(32);
  banks_kernel<<<1, 32>>>(out.data(), 16);
  EXPECT_EQ(counted().shared_passes, 32u);
}

TEST_F(Counters, OfWideSharedAccesses) {
  const DeviceBuffer<float4> out(32);
  banks4_kernel<<<1, 32>>>(out.data());
  const SimulatedGpuLaunch c = counted();
  EXPECT_EQ(c.shared_passes, 8u);
  EXPECT_EQ(c.shared_least_passes, 8u);
}

TEST_F(Counters, OfAtomics) {
  const DeviceBuffer<int> counters(std::vector<int>(32, 0));
  atomics_kernel<<<2, 64>>>(counters.data(), 4);
  const SimulatedGpuLaunch c = counted();
  EXPECT_EQ(c.atomic_lanes, 128u);
  EXPECT_EQ(c.atomic_chain, 32u);
}

TEST_F(Counters, OfDivergence) {
  const DeviceBuffer<float> out(std::vector<float>(64, 1.0f));
  divergent_kernel<<<1, 64>>>(out.data());
  const SimulatedGpuLaunch c = counted();
  EXPECT_GE(c.divergent_branches, 2u);
  EXPECT_LT(c.thread_instructions, 32 * c.warp_instructions);
}

}  // namespace
}  // namespace simulated_gpu::test
