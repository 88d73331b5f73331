// Divergence, branch tables, calls, barriers of all kinds, spinning, printf, assert, trap, clocks.
#undef NDEBUG
#include <cassert>
#include <cstdio>
#include <numeric>
#include <vector>

#include <cooperative_groups.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "tests/ptx/any_schedule.h"

namespace simulated_gpu::test {
namespace ptx_control_flow {

class PtxControlFlow : public AnySchedule {};

// Steps of the 3n+1 sequence, with an early way out and a loop in a loop: each lane takes its own path.
__host__ __device__ inline int wander(unsigned x, int limit) {
  int steps = 0;
  while (x > 1) {
    if (x % 2 == 0) {
      x /= 2;
    } else {
      x = 3 * x + 1;
      for (unsigned k = x % 5; k > 0; --k) {
        if (k == 3) continue;
        steps += int(k);
      }
    }
    if (++steps > limit) return -steps;
  }
  return steps;
}
__global__ void wander_kernel(int* out, int count, int limit) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) out[i] = wander(unsigned(i), limit);
}
TEST_P(PtxControlFlow, Divergence) {
  constexpr int kCount = 777, kLimit = 100;
  const DeviceBuffer<int> out(kCount);
  wander_kernel<<<7, 128>>>(out.data(), kCount, kLimit);
  std::vector<int> expected(kCount);
  for (int i = 0; i < kCount; ++i) expected[i] = wander(unsigned(i), kLimit);
  EXPECT_EQ(out.values(), expected);
}

__host__ __device__ inline int dispatch(int operation, int x) {
  switch (operation) {
    case 0:
      return x + 1;
    case 1:
      return x * 3;
    case 2:
      return x ^ 0x55;
    case 3:
      return x - 17;
    case 4:
      return x << 2;
    case 5:
      return -x;
    case 6:
      return x / 3;
    case 7:
      return x % 7;
    case 8:
      return ~x;
    case 9:
      return x * x;
    default:
      return 0;
  }
}
__global__ void dispatch_kernel(const int* operations, int* out) {
  int x = int(threadIdx.x);
  for (int i = 0; i < 4; ++i) x = dispatch(operations[threadIdx.x * 4 + i], x);
  out[threadIdx.x] = x;
}
TEST_P(PtxControlFlow, BranchTable) {
  std::vector<int> operations(96 * 4), expected(96);
  for (size_t i = 0; i < operations.size(); ++i) operations[i] = int(i * i % 12);
  for (int t = 0; t < 96; ++t) {
    expected[t] = t;
    for (int i = 0; i < 4; ++i) expected[t] = dispatch(operations[t * 4 + i], expected[t]);
  }
  const DeviceBuffer<int> device(operations), out(96);
  dispatch_kernel<<<1, 96>>>(device.data(), out.data());
  EXPECT_EQ(out.values(), expected);
}

struct Two {
  double x;
  int y;
};
__device__ __noinline__ int triple(int x) {
  return 3 * x;
}
__device__ __noinline__ Two mix(Two in, short z) {
  if (in.y % 2 == 0) return {in.x + triple(in.y), z};
  return {in.x * 0.5, triple(triple(z))};
}
__global__ void call_kernel(double* out) {
  const int t = int(threadIdx.x);
  Two value{double(t), t};
  if (t % 3 != 0) value = mix(value, short(-t));
  if (t % 5 != 0) value = mix(value, short(t));
  out[t] = value.x * 1000 + value.y;
}
TEST_P(PtxControlFlow, Calls) {
  const auto host_mix = [](Two in, int z) { return in.y % 2 == 0 ? Two{in.x + 3 * in.y, z} : Two{in.x * 0.5, 9 * z}; };
  std::vector<double> expected(64);
  for (int t = 0; t < 64; ++t) {
    Two value{double(t), t};
    if (t % 3 != 0) value = host_mix(value, -t);
    if (t % 5 != 0) value = host_mix(value, t);
    expected[t] = value.x * 1000 + value.y;
  }
  const DeviceBuffer<double> out(64);
  call_kernel<<<1, 64>>>(out.data());
  EXPECT_EQ(out.values(), expected);
}

__global__ void barrier_votes_kernel(int* out) {  // 100 threads, some exit first
  const int t = int(threadIdx.x);
  if (t >= 90) return;
  const int count = __syncthreads_count(t % 3 == 0), all = __syncthreads_and(t < 90), none = __syncthreads_and(t != 5);
  const int any = __syncthreads_or(t == 77), nobody = __syncthreads_or(t > 90);
  out[t] = count * 16 + (all != 0) * 8 + (none != 0) * 4 + (any != 0) * 2 + (nobody != 0);
}
TEST_P(PtxControlFlow, BarrierVotes) {
  const DeviceBuffer<int> out(100);
  barrier_votes_kernel<<<1, 100>>>(out.data());
  const auto result = out.values();
  for (int t = 0; t < 90; ++t) EXPECT_EQ(result[t], 30 * 16 + 8 + 2);
}

// Two warps produce, two consume, by barriers of their own.
__global__ void named_barriers_kernel(const int* in, int* out, int rounds) {  // 128 threads
  __shared__ int slot[64];
  const int t = int(threadIdx.x);
  for (int r = 0; r < rounds; ++r) {
    if (t < 64) {
      if (r > 0) asm volatile("bar.sync 2, 128;" ::: "memory");
      slot[t] = in[r * 64 + t];
      asm volatile("bar.arrive 1, 128;" ::: "memory");
    } else {
      asm volatile("bar.sync 1, 128;" ::: "memory");
      out[r * 64 + 127 - t] = slot[t - 64];
      if (r + 1 < rounds) asm volatile("bar.arrive 2, 128;" ::: "memory");
    }
  }
}
TEST_P(PtxControlFlow, NamedBarriers) {
  constexpr int kRounds = 6;
  std::vector<int> in(64 * kRounds), expected(in.size());
  std::iota(in.begin(), in.end(), 5);
  for (int r = 0; r < kRounds; ++r)
    for (int i = 0; i < 64; ++i) expected[r * 64 + 63 - i] = in[r * 64 + i];
  const DeviceBuffer<int> device(in), out(in.size());
  named_barriers_kernel<<<1, 128>>>(device.data(), out.data(), kRounds);
  EXPECT_EQ(out.values(), expected);
}

// Lanes of one warp that wait for each other, each with a lock.
__global__ void lock_kernel(int* lock, int* sum) {
  bool done = false;
  while (!done) {
    if (atomicCAS(lock, 0, 1) != 0) continue;
    __threadfence();
    *reinterpret_cast<volatile int*>(sum) = *reinterpret_cast<volatile int*>(sum) + 1;
    __threadfence();
    atomicExch(lock, 0);
    done = true;
  }
}
TEST_P(PtxControlFlow, LockWithinAWarp) {
  const DeviceBuffer<int> lock(std::vector<int>{0}), sum(std::vector<int>{0});
  lock_kernel<<<3, 64>>>(lock.data(), sum.data());
  EXPECT_EQ(sum.values()[0], 192);
}

// Lanes that do nothing but wait for another lane of their warp.
__global__ void spin_kernel(int* flag, int* out) {  // 32 threads
  const int t = int(threadIdx.x);
  asm volatile(  // in this order: who waits comes first
      "{ .reg .pred p; .reg .u32 x; setp.eq.u32 p, %1, 31; @p bra DONE; SPIN: ld.volatile.global.u32 x, [%0];\n\t"
      "setp.eq.u32 p, x, 0; @p bra SPIN; DONE: }" ::"l"(flag),
      "r"(t)
      : "memory");
  if (t == 31) atomicExch(flag, 1);
  out[t] = t;
}
TEST_P(PtxControlFlow, SpinWithinAWarp) {
  const DeviceBuffer<int> flag(std::vector<int>{0}), out(32);
  spin_kernel<<<1, 32>>>(flag.data(), out.data());
  EXPECT_EQ(out.values()[7], 7);
}

// Lanes come to a collective at different times.
__global__ void late_lanes_kernel(int* out) {  // 32 threads
  const int t = int(threadIdx.x);
  int sum = 0;
  for (int round = 0; round < 20; ++round) {
    if (t < 16)
      for (int k = 0; k < 3; ++k) __nanosleep(10);
    sum += __shfl_xor_sync(~0u, t + round, 16);
    __syncwarp();
  }
  out[t] = sum;
}
TEST_P(PtxControlFlow, LateLanes) {
  const DeviceBuffer<int> out(32);
  late_lanes_kernel<<<1, 32>>>(out.data());
  const auto result = out.values();
  for (int t = 0; t < 32; ++t) EXPECT_EQ(result[t], 20 * (t ^ 16) + 190);
}

// After a branch the lanes of a warp go on together.
__global__ void converge_kernel(const int* in, int* out) {  // 32 threads
  const int t = int(threadIdx.x);
  int x = in[t];
  if (x % 2 == 0)
    for (int k = 0; k < x; ++k) x = x * 3 + in[k % 32];
  for (int k = 0; k < 2000; ++k) x = x * 5 + k;
  out[t] = x;
}
TEST_P(PtxControlFlow, Converges) {
  std::vector<int> same(32, 4), mixed(32);
  std::iota(mixed.begin(), mixed.end(), 0);
  uint64_t instructions[2];
  int i = 0;
  for (const auto& values : {same, mixed}) {
    const DeviceBuffer<int> in(values), out(32);
    set_counting(true);
    converge_kernel<<<1, 32>>>(in.data(), out.data());
    must(cudaDeviceSynchronize());
    const auto launches = counted_launches();
    set_counting(false);
    ASSERT_EQ(launches.size(), 1u);
    instructions[i++] = launches[0].warp_instructions;
  }
  EXPECT_LT(double(instructions[1]), double(instructions[0]) * 1.4);
}

// Each block waits for the next one: whatever the order, blocks must be there at the same time.
__global__ void chain_kernel(int* flags, int* out) {
  const int b = int(blockIdx.x);
  if (b + 1 < int(gridDim.x))
    while (atomicAdd(&flags[b + 1], 0) == 0) __nanosleep(50);
  out[b] = b + 1 < int(gridDim.x) ? atomicAdd(&out[b + 1], 0) + b : b;
  __threadfence();
  atomicExch(&flags[b], 1);
}
TEST_P(PtxControlFlow, BlocksThatWaitForBlocks) {
  constexpr int kBlocks = 40;
  const DeviceBuffer<int> flags(std::vector<int>(kBlocks, 0)), out(std::vector<int>(kBlocks, 0));
  chain_kernel<<<kBlocks, 1>>>(flags.data(), out.data());
  EXPECT_EQ(out.values()[0], kBlocks * (kBlocks - 1) / 2);
}

__global__ void grid_sync_kernel(int* a, int* b, int rounds) {
  const cooperative_groups::grid_group grid = cooperative_groups::this_grid();
  const int i = int(grid.thread_rank()), n = int(grid.size());
  for (int r = 0; r < rounds; ++r) {
    b[i] = a[(i + 37) % n] + 1;
    grid.sync();
    a[i] = b[n - 1 - i];
    grid.sync();
  }
}
TEST_P(PtxControlFlow, GridSynchronisation) {
  constexpr int kBlocks = 9, kThreads = 70, kAll = kBlocks * kThreads;
  int rounds = 4;
  std::vector<int> a(kAll), b(kAll);
  std::iota(a.begin(), a.end(), 0);
  const DeviceBuffer<int> device_a(a), device_b(b);
  int *pa = device_a.data(), *pb = device_b.data();
  void* arguments[] = {&pa, &pb, &rounds};
  must(cudaLaunchCooperativeKernel(reinterpret_cast<const void*>(&grid_sync_kernel), dim3(kBlocks), dim3(kThreads),
                                   arguments, 0, nullptr));
  for (int r = 0; r < rounds; ++r) {
    for (int i = 0; i < kAll; ++i) b[i] = a[(i + 37) % kAll] + 1;
    for (int i = 0; i < kAll; ++i) a[i] = b[kAll - 1 - i];
  }
  EXPECT_EQ(device_a.values(), a);
}

__global__ void print_kernel(int* counts) {
  const int t = int(threadIdx.x);
  if (t % 2 == 1)
    counts[t] =
        printf("%d of %s: %5.2f 100%% %lld|%c|%-4u|%x\n", t, "four", t * 0.5, -5000000000ll * t, 'a' + t, 7u, 255);
  else
    counts[t] = printf("nothing\n");
}
TEST_P(PtxControlFlow, Printf) {
  const DeviceBuffer<int> counts(4);
  testing::internal::CaptureStdout();
  print_kernel<<<1, 4>>>(counts.data());
  cudaDeviceSynchronize();
  fflush(stdout);
  std::string printed = testing::internal::GetCapturedStdout();
  for (const char* line : {"1 of four:  0.50 100% -5000000000|b|7   |ff\n",
                           "3 of four:  1.50 100% -15000000000|d|7   |ff\n", "nothing\n", "nothing\n"}) {
    const size_t at = printed.find(line);
    ASSERT_NE(at, std::string::npos) << line << "in\n" << printed;
    printed.erase(at, std::string(line).size());
  }
  EXPECT_EQ(printed, "");
  EXPECT_EQ(counts.values(), (std::vector<int>{0, 7, 0, 7}));
}

__global__ void assert_kernel(int limit) {
  assert(int(threadIdx.x) < limit);
}
__global__ void trap_kernel() {
  if (threadIdx.x == 3) __trap();
}
TEST_P(PtxControlFlow, AssertAndTrap) {
  assert_kernel<<<1, 8>>>(8);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  assert_kernel<<<1, 8>>>(6);
  EXPECT_NE(cudaDeviceSynchronize(), cudaSuccess);
  const std::string failed = take_finding();
  EXPECT_EQ(kind_of(failed), "assert");
  EXPECT_NE(failed.find("int(threadIdx.x) < limit"), std::string::npos) << failed;
  EXPECT_NE(failed.find("thread (6,0,0) of block (0,0,0)"), std::string::npos) << failed;
  EXPECT_NE(failed.find("control_flow_test.cu"), std::string::npos) << failed;
  trap_kernel<<<1, 8>>>();
  EXPECT_NE(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(kind_of(take_finding()), "trap");
}

__global__ void clock_kernel(long long* out) {
  const long long start = clock64();
  while (clock64() - start < 5000) {
  }
  out[threadIdx.x] = clock64() - start;
}
TEST_P(PtxControlFlow, ClocksGoOn) {
  const DeviceBuffer<long long> out(32);
  clock_kernel<<<1, 32>>>(out.data());
  for (const long long waited : out.values()) EXPECT_GE(waited, 5000);
}

__global__ void shape_kernel(unsigned* out) {
  const unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
  const unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
  const unsigned threads = blockDim.x * blockDim.y * blockDim.z;
  unsigned lane, warp, less;
  asm("mov.u32 %0, %%laneid;" : "=r"(lane));
  asm("mov.u32 %0, %%warpid;" : "=r"(warp));
  asm("mov.u32 %0, %%lanemask_lt;" : "=r"(less));
  out[block * threads + thread] = (block * threads + thread) * 8 + (lane == thread % 32) + (warp == thread / 32) * 2 +
                                  (less == (1u << lane) - 1) * 4;
}
TEST_P(PtxControlFlow, ThreeDimensions) {
  const DeviceBuffer<unsigned> out(3 * 2 * 4 * 5 * 7 * 2);
  shape_kernel<<<dim3(3, 2, 4), dim3(5, 7, 2)>>>(out.data());
  const auto result = out.values();
  for (unsigned i = 0; i < result.size(); ++i) EXPECT_EQ(result[i], i * 8 + 7);
}

INSTANTIATE_TEST_SUITE_P(Schedules, PtxControlFlow, all_conditions(), condition_name);

}  // namespace ptx_control_flow
}  // namespace simulated_gpu::test
