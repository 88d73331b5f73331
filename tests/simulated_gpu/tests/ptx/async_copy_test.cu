// cp.async: the copy is there after the wait for its group, and not before.
#include <vector>

#include <cuda_pipeline.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "tests/ptx/any_schedule.h"

namespace simulated_gpu::test {
namespace ptx_async_copy {

class PtxAsyncCopy : public AnySchedule {};

template <typename T>
__global__ void reverse_kernel(const T* in, T* out) {  // 64 threads
  __shared__ T tile[64];
  __pipeline_memcpy_async(&tile[threadIdx.x], &in[threadIdx.x], sizeof(T));
  __pipeline_commit();
  __pipeline_wait_prior(0);
  __syncthreads();
  out[threadIdx.x] = tile[63 - threadIdx.x];
}
TEST_P(PtxAsyncCopy, Sizes) {
  std::vector<float4> wide(64);
  std::vector<double> eight(64), eight_reversed(64);
  std::vector<int> four(64), four_reversed(64);
  for (int i = 0; i < 64; ++i) {
    wide[i] = make_float4(float(i), 1, 2, float(-i));
    eight[i] = eight_reversed[63 - i] = i * 1.5;
    four[i] = four_reversed[63 - i] = i * 3;
  }
  const DeviceBuffer<float4> wide_in(wide), wide_out(64);
  const DeviceBuffer<double> eight_in(eight), eight_out(64);
  const DeviceBuffer<int> four_in(four), four_out(64);
  reverse_kernel<<<1, 64>>>(wide_in.data(), wide_out.data());
  reverse_kernel<<<1, 64>>>(eight_in.data(), eight_out.data());
  reverse_kernel<<<1, 64>>>(four_in.data(), four_out.data());
  const auto result = wide_out.values();
  for (int i = 0; i < 64; ++i)
    EXPECT_TRUE(result[i].x == float(63 - i) && result[i].w == float(i - 63) && result[i].y == 1);
  EXPECT_EQ(eight_out.values(), eight_reversed);
  EXPECT_EQ(four_out.values(), four_reversed);
}

__global__ void zeros_kernel(const int* in, int* out) {  // 32 threads: the last t % 4 words of each four are zeros
  __shared__ __align__(16) int tile[128];
  const int t = int(threadIdx.x);
  __pipeline_memcpy_async(&tile[4 * t], &in[4 * t], 16, size_t(t % 4) * 4);
  __pipeline_commit();
  __pipeline_wait_prior(0);
  for (int i = 0; i < 4; ++i) out[4 * t + i] = tile[4 * t + i];
}
TEST_P(PtxAsyncCopy, Zeros) {
  std::vector<int> in(128), expected(128);
  for (int i = 0; i < 128; ++i) {
    in[i] = i + 1;
    expected[i] = i % 4 < 4 - i / 4 % 4 ? i + 1 : 0;
  }
  const DeviceBuffer<int> device(in), out(128);
  zeros_kernel<<<1, 32>>>(device.data(), out.data());
  EXPECT_EQ(out.values(), expected);
}

// A pipeline of three stages, each lane for itself.
__global__ void stages_kernel(const int* in, int* out, int rounds) {  // 32 threads
  __shared__ int tile[3][32];
  const int t = int(threadIdx.x);
  for (int r = 0; r < 2; ++r) {
    __pipeline_memcpy_async(&tile[r][t], &in[r * 32 + t], 4);
    __pipeline_commit();
  }
  for (int r = 0; r < rounds; ++r) {
    if (r + 2 < rounds) __pipeline_memcpy_async(&tile[(r + 2) % 3][t], &in[(r + 2) * 32 + t], 4);
    __pipeline_commit();
    __pipeline_wait_prior(2);
    out[r * 32 + t] = tile[r % 3][t];
  }
}
TEST_P(PtxAsyncCopy, Stages) {
  constexpr int kRounds = 7;
  std::vector<int> in(32 * kRounds);
  for (size_t i = 0; i < in.size(); ++i) in[i] = int(i * i);
  const DeviceBuffer<int> device(in), out(in.size());
  stages_kernel<<<1, 32>>>(device.data(), out.data(), kRounds);
  EXPECT_EQ(out.values(), in);
}

__global__ void too_early_kernel(const int* in, int* out, int groups_left) {  // 32 threads
  __shared__ int tile[2][32];
  const int t = int(threadIdx.x);
  tile[0][t] = tile[1][t] = -7;
  for (int g = 0; g < 2; ++g) {
    __pipeline_memcpy_async(&tile[g][t], &in[t], 4);
    __pipeline_commit();
  }
  if (groups_left == 0) __pipeline_wait_prior(0);
  if (groups_left == 1) __pipeline_wait_prior(1);
  out[t] = tile[0][t];
  out[32 + t] = tile[1][t];
}
TEST(PtxAsyncCopyWithoutWait, ShowsWhatWasThere) {
  const DeviceBuffer<int> in(std::vector<int>(32, 5)), out(64);
  for (const int left : {0, 1, 2}) {
    too_early_kernel<<<1, 32>>>(in.data(), out.data(), left);
    const auto result = out.values();
    EXPECT_EQ(result[9], left < 2 ? 5 : -7);
    EXPECT_EQ(result[32 + 9], left < 1 ? 5 : -7);
  }
}

INSTANTIATE_TEST_SUITE_P(Schedules, PtxAsyncCopy, all_conditions(), condition_name);

}  // namespace ptx_async_copy
}  // namespace simulated_gpu::test
