// Mistakes with shared memory. `kRight` is the twin without the mistake.
#include <cuda_pipeline.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "tests/check/planted_bug.h"

namespace simulated_gpu::test {
namespace {

template <bool kRight>
__global__ void reverse_kernel(const float* in, float* out) {  // 256 threads
  __shared__ float tile[256];
  tile[threadIdx.x] = in[threadIdx.x];
  if (kRight) __syncthreads();
  out[threadIdx.x] = tile[255 - threadIdx.x];
}

// The same where the tile was in use before.
template <bool kRight>
__global__ void reverse_again_kernel(const float* in, float* out) {  // 256 threads
  __shared__ float tile[256];
  tile[threadIdx.x] = 0.0f;
  __syncthreads();
  tile[threadIdx.x] = in[threadIdx.x];
  if (kRight) __syncthreads();
  out[threadIdx.x] = tile[255 - threadIdx.x];
}

template <bool kRight>
__global__ void rotate_kernel(const float* in, float* out) {  // 64 threads, four tiles of 64
  __shared__ float tile[64];
  float sum = 0;
  for (int k = 0; k < 4; ++k) {
    tile[threadIdx.x] = in[k * 64 + threadIdx.x];
    __syncthreads();
    sum += tile[(threadIdx.x + 33) % 64];
    if (kRight) __syncthreads();
  }
  out[threadIdx.x] = sum;
}

// Without the warp's synchronisation it relies on lanes that run in lock step.
template <bool kRight>
__global__ void halve_kernel(const float* in, float* out) {  // 32 threads
  __shared__ float values[32];
  const unsigned t = threadIdx.x;
  values[t] = in[t];
  __syncwarp();
  for (unsigned step = 16; step > 0; step /= 2) {
    const float other = t < step ? values[t + step] : 0.0f;
    if (kRight) __syncwarp();
    if (t < step) values[t] += other;
    if (kRight) __syncwarp();
  }
  if (t == 0) *out = values[0];
}

template <bool kRight>
__global__ void bytes_kernel(const unsigned char* in, unsigned char* out) {  // 128 threads, one byte each
  __shared__ unsigned char tile[128];
  tile[threadIdx.x] = 0;
  __syncthreads();
  tile[threadIdx.x] = in[threadIdx.x];
  if (kRight) __syncthreads();
  out[threadIdx.x] = tile[127 - threadIdx.x];
}

// A warp that arrives at a barrier with part of its lanes only, which have met among themselves.
template <bool kRight>
__global__ void half_warp_kernel(const float* in, float* out) {  // 32 threads
  __shared__ float tile[32];
  const unsigned half = threadIdx.x / 16, mask = half ? 0xffff0000u : 0x0000ffffu;
  tile[threadIdx.x] = in[threadIdx.x];
  if (kRight) {
    __syncwarp();
  } else {
    __syncwarp(mask);  // the lane that is read belongs to the other half
  }
  out[threadIdx.x] = tile[31 - threadIdx.x];
}

template <bool kRight>
__global__ void hole_kernel(float* out) {  // 64 threads
  __shared__ float values[64];
  if (kRight || threadIdx.x != 7) values[threadIdx.x] = 1.0f;
  __syncthreads();
  out[threadIdx.x] = values[threadIdx.x];
}

template <bool kRight>
__global__ void past_end_kernel(float* out) {  // 64 threads
  __shared__ float values[64];
  values[threadIdx.x] = 1.0f;
  __syncthreads();
  const unsigned next = threadIdx.x + 1;
  out[threadIdx.x] = values[threadIdx.x] + (kRight && next == 64 ? 1.0f : values[next]);
}

__global__ void dynamic_kernel(float* out) {  // 64 threads, 256 bytes of dynamic shared memory
  extern __shared__ float dynamic_values[];
  dynamic_values[threadIdx.x] = 1.0f;
  __syncthreads();
  out[threadIdx.x] = dynamic_values[threadIdx.x];
}

template <bool kRight>
__global__ void async_copy_kernel(const float4* in, float4* out) {  // 64 threads
  __shared__ float4 tile[64];
  __pipeline_memcpy_async(&tile[threadIdx.x], &in[threadIdx.x], sizeof(float4));
  __pipeline_commit();
  if (kRight) __pipeline_wait_prior(0);
  __syncthreads();
  out[threadIdx.x] = tile[63 - threadIdx.x];
}

std::vector<float> counting(size_t n) {
  std::vector<float> values(n);
  for (size_t i = 0; i < n; ++i) values[i] = float(i);
  return values;
}

std::vector<float> backwards(std::vector<float> values) {
  return {values.rbegin(), values.rend()};
}

bool reverse(void (*kernel)(const float*, float*)) {
  DeviceBuffer<float> in(counting(256)), out(256);
  kernel<<<1, 256>>>(in.data(), out.data());
  return cudaDeviceSynchronize() == cudaSuccess && out.values() == backwards(counting(256));
}

template <bool kRight>
bool rotate() {
  DeviceBuffer<float> in(std::vector<float>(256, 1.0f)), out(64);
  rotate_kernel<kRight><<<1, 64>>>(in.data(), out.data());
  return cudaDeviceSynchronize() == cudaSuccess && out.values() == std::vector<float>(64, 4.0f);
}

template <bool kRight>
bool halve() {
  DeviceBuffer<float> in(counting(32)), out(1);
  halve_kernel<kRight><<<1, 32>>>(in.data(), out.data());
  return cudaDeviceSynchronize() == cudaSuccess && out.values()[0] == 496.0f;
}

template <bool kRight>
bool bytes() {
  std::vector<unsigned char> values(128);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<unsigned char>(i);
  DeviceBuffer<unsigned char> in(values), out(128);
  bytes_kernel<kRight><<<1, 128>>>(in.data(), out.data());
  return cudaDeviceSynchronize() == cudaSuccess &&
         out.values() == std::vector<unsigned char>(values.rbegin(), values.rend());
}

template <bool kRight>
bool half_warp() {
  DeviceBuffer<float> in(counting(32)), out(32);
  half_warp_kernel<kRight><<<1, 32>>>(in.data(), out.data());
  return cudaDeviceSynchronize() == cudaSuccess && out.values() == backwards(counting(32));
}

template <bool kRight>
bool hole() {
  DeviceBuffer<float> out(64);
  hole_kernel<kRight><<<1, 64>>>(out.data());
  return cudaDeviceSynchronize() == cudaSuccess && out.values() == std::vector<float>(64, 1.0f);
}

template <bool kRight>
bool past_end() {
  DeviceBuffer<float> out(64);
  past_end_kernel<kRight><<<1, 64>>>(out.data());
  return cudaDeviceSynchronize() == cudaSuccess && out.values() == std::vector<float>(64, 2.0f);
}

bool dynamic(size_t bytes) {
  DeviceBuffer<float> out(64);
  dynamic_kernel<<<1, 64, bytes>>>(out.data());
  return cudaDeviceSynchronize() == cudaSuccess && out.values() == std::vector<float>(64, 1.0f);
}

template <bool kRight>
bool async_copy() {
  std::vector<float4> values(64, float4{1, 2, 3, 4});
  DeviceBuffer<float4> in(values), out(64);
  async_copy_kernel<kRight><<<1, 64>>>(in.data(), out.data());
  return cudaDeviceSynchronize() == cudaSuccess && out.values()[63].w == 4.0f;
}

template <bool kRight>
__global__ void wrong_space_kernel(const int* in, int* out) {  // 64 threads
  __shared__ int tile[64];
  tile[threadIdx.x] = in[threadIdx.x];
  const int* from = kRight ? tile : in;
  int value = 0;
  asm volatile("ld.shared.s32 %0, [%1];" : "=r"(value) : "l"(__cvta_generic_to_shared(from + threadIdx.x)));
  out[threadIdx.x] = value;
}

template <bool kRight>
bool wrong_space() {
  DeviceBuffer<int> in(std::vector<int>(64, 7)), out(64);
  wrong_space_kernel<kRight><<<1, 64>>>(in.data(), out.data());
  return cudaDeviceSynchronize() == cudaSuccess && out.values() == std::vector<int>(64, 7);
}

const char* const kFile = "shared_memory_bugs_test.cu:";

const std::vector<PlantedBug> kBugs = {
    {"MissingBarrier", "race", kFile, [] { reverse(reverse_again_kernel<false>); },
     [] { return reverse(reverse_again_kernel<true>); }},
    {"MissingBarrierAtFirstUse", "uninitialised", kFile, [] { reverse(reverse_kernel<false>); },
     [] { return reverse(reverse_kernel<true>); }},
    {"MissingSecondBarrier", "race", kFile, rotate<false>, rotate<true>},
    {"LockStepWarp", "race", kFile, halve<false>, halve<true>},
    {"MissingBarrierBetweenBytes", "race", kFile, bytes<false>, bytes<true>},
    {"HalfWarpMetOnly", "race", kFile, half_warp<false>, half_warp<true>},
    {"Uninitialised", "uninitialised", kFile, hole<false>, hole<true>},
    {"PastTheEnd", "out-of-bounds", "(256 bytes)", past_end<false>, past_end<true>},
    {"DynamicTooSmall", "out-of-bounds", "(240 bytes)", [] { dynamic(240); }, [] { return dynamic(256); }},
    {"NoDynamicGiven", "out-of-bounds", kFile, [] { dynamic(0); }, [] { return dynamic(256); }},
    {"GlobalAddressAsShared", "out-of-bounds", "by an instruction for shared memory", wrong_space<false>,
     wrong_space<true>},
    {"AsyncCopyWithoutWait", "uninitialised", kFile, async_copy<false>, async_copy<true>},
};

class SharedMemoryBugs : public testing::TestWithParam<PlantedBug> {};

TEST_P(SharedMemoryBugs, IsFoundAndItsTwinIsNot) {
  expect_found(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Planted, SharedMemoryBugs, testing::ValuesIn(kBugs),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace simulated_gpu::test
