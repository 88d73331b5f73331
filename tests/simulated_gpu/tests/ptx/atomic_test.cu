// atom and red: on global and shared memory, by many threads at once.
#include <algorithm>
#include <numeric>
#include <vector>

#include <cuda_fp16.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "tests/ptx/any_schedule.h"

namespace simulated_gpu::test {
namespace ptx_atomic {

class PtxAtomic : public AnySchedule {};

constexpr int kBlocks = 5, kThreads = 96, kAll = kBlocks * kThreads;

struct Totals {
  unsigned sum, least, most, all, any, odd;
  int signed_least, signed_most;
  unsigned long long wide_sum, wide_most, wide_any;
  long long wide_least;
  float real_sum;
  double double_sum;
  __half2 halves;
};

__host__ __device__ unsigned value_of(int i) {
  return unsigned(i) * 2654435761u;
}

__global__ void totals_kernel(Totals* t) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  const unsigned x = value_of(i);
  const unsigned long long wide = (unsigned long long)x * x;
  atomicAdd(&t->sum, x);
  atomicMin(&t->least, x);
  atomicMax(&t->most, x);
  atomicAnd(&t->all, x | 0xf0);
  atomicOr(&t->any, x & 0xff);
  atomicXor(&t->odd, x);
  atomicMin(&t->signed_least, int(x));
  atomicMax(&t->signed_most, int(x));
  atomicAdd(&t->wide_sum, wide);
  atomicMax(&t->wide_most, wide);
  atomicOr(&t->wide_any, wide << 20);
  atomicMin(&t->wide_least, (long long)(wide - (1ull << 62)));
  atomicAdd(&t->real_sum, float(x % 64));
  atomicAdd(&t->double_sum, x * 0.5);
  if (i < 64) atomicAdd(&t->halves, __floats2half2_rn(1.0f, float(i % 3)));
}
TEST_P(PtxAtomic, Totals) {
  Totals zero{};
  zero.least = zero.all = ~0u;
  const DeviceBuffer<Totals> device(std::vector<Totals>{zero});
  totals_kernel<<<kBlocks, kThreads>>>(device.data());
  const Totals found = device.values()[0];
  Totals expected = zero;
  float real = 0;
  for (int i = 0; i < kAll; ++i) {
    const unsigned x = value_of(i);
    const unsigned long long wide = (unsigned long long)x * x;
    expected.sum += x;
    expected.least = std::min(expected.least, x);
    expected.most = std::max(expected.most, x);
    expected.all &= x | 0xf0;
    expected.any |= x & 0xff;
    expected.odd ^= x;
    expected.signed_least = std::min(expected.signed_least, int(x));
    expected.signed_most = std::max(expected.signed_most, int(x));
    expected.wide_sum += wide;
    expected.wide_most = std::max(expected.wide_most, wide);
    expected.wide_any |= wide << 20;
    expected.wide_least = std::min(expected.wide_least, (long long)(wide - (1ull << 62)));
    expected.double_sum += x * 0.5;
    real += float(x % 64);
  }
  EXPECT_EQ(found.sum, expected.sum);
  EXPECT_EQ(found.least, expected.least);
  EXPECT_EQ(found.most, expected.most);
  EXPECT_EQ(found.all, expected.all);
  EXPECT_EQ(found.any, expected.any);
  EXPECT_EQ(found.odd, expected.odd);
  EXPECT_EQ(found.signed_least, expected.signed_least);
  EXPECT_EQ(found.signed_most, expected.signed_most);
  EXPECT_EQ(found.wide_sum, expected.wide_sum);
  EXPECT_EQ(found.wide_most, expected.wide_most);
  EXPECT_EQ(found.wide_any, expected.wide_any);
  EXPECT_EQ(found.wide_least, expected.wide_least);
  EXPECT_EQ(found.real_sum, real);
  EXPECT_EQ(found.double_sum, expected.double_sum);
  EXPECT_EQ(__half2float(found.halves.x), 64.0f);
  EXPECT_EQ(__half2float(found.halves.y), 63.0f);
}

// What each thread got back: each turn gives another.
__global__ void turns_kernel(unsigned* words, unsigned* tickets, unsigned* wrapped, unsigned* down, int* previous) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  tickets[i] = atomicAdd(&words[0], 1u);
  wrapped[i] = atomicInc(&words[1], 6u);
  down[i] = atomicDec(&words[2], 4u);
  previous[i] = int(atomicExch(&words[3], unsigned(i)));
}
TEST_P(PtxAtomic, EachInTurn) {
  const DeviceBuffer<unsigned> words(std::vector<unsigned>{0, 0, 9, kAll}), tickets(kAll), wrapped(kAll), down(kAll);
  const DeviceBuffer<int> previous(kAll);
  turns_kernel<<<kBlocks, kThreads>>>(words.data(), tickets.data(), wrapped.data(), down.data(), previous.data());
  auto sorted = [](auto values) {
    std::sort(values.begin(), values.end());
    return values;
  };
  std::vector<unsigned> expected(kAll);
  std::iota(expected.begin(), expected.end(), 0u);
  EXPECT_EQ(sorted(tickets.values()), expected);
  for (int i = 0; i < kAll; ++i) expected[i] = unsigned(i) % 7;
  EXPECT_EQ(sorted(wrapped.values()), sorted(expected));
  unsigned state = 9;  // beyond the bound: the next is the bound
  for (int i = 0; i < kAll; ++i) {
    expected[i] = state;
    state = state == 0 || state > 4 ? 4 : state - 1;
  }
  EXPECT_EQ(sorted(down.values()), sorted(expected));
  std::vector<int> chain = previous.values();
  chain.push_back(int(words.values()[3]));  // each thread's number was there once
  std::vector<int> all(kAll + 1);
  std::iota(all.begin(), all.end(), 0);
  EXPECT_EQ(sorted(chain), all);
}

__global__ void compare_and_swap_kernel(float* product, unsigned short* halves, unsigned long long* most) {
  const int i = int(threadIdx.x);
  unsigned* bits = reinterpret_cast<unsigned*>(product);
  unsigned old = *reinterpret_cast<volatile unsigned*>(bits), seen;
  do {
    seen = old;
    old = atomicCAS(bits, seen, __float_as_uint(__uint_as_float(seen) * (i % 2 ? 2.0f : 0.5f)));
  } while (old != seen);
  for (unsigned short now = 0;;) {
    const unsigned short before = atomicCAS(halves, now, static_cast<unsigned short>(now + 3));
    if (before == now) break;
    now = before;
  }
  unsigned long long least = 0;
  while (true) {
    const unsigned long long before = atomicCAS(most, least, (1ull << 40) + unsigned(i));
    if (before == least || before >= (1ull << 40) + unsigned(i)) break;
    least = before;
  }
}
TEST_P(PtxAtomic, CompareAndSwap) {
  const DeviceBuffer<float> product(std::vector<float>{3.0f});
  const DeviceBuffer<unsigned short> halves(std::vector<unsigned short>{0, 77});
  const DeviceBuffer<unsigned long long> most(std::vector<unsigned long long>{0});
  compare_and_swap_kernel<<<1, kThreads>>>(product.data(), halves.data(), most.data());
  EXPECT_EQ(product.values()[0], 3.0f);
  EXPECT_EQ(halves.values(), (std::vector<unsigned short>{3 * kThreads, 77}));
  EXPECT_EQ(most.values()[0], (1ull << 40) + kThreads - 1);
}

__global__ void shared_histogram_kernel(const unsigned char* in, int count, unsigned* bins) {
  __shared__ unsigned own[16];
  if (threadIdx.x < 16) own[threadIdx.x] = 0;
  __syncthreads();
  for (int i = int(blockIdx.x * blockDim.x + threadIdx.x); i < count; i += int(gridDim.x * blockDim.x))
    atomicAdd(&own[in[i] % 16], 1u);
  __syncthreads();
  if (threadIdx.x < 16) atomicAdd(&bins[threadIdx.x], own[threadIdx.x]);
}
TEST_P(PtxAtomic, SharedHistogram) {
  std::vector<unsigned char> in(5001);
  std::vector<unsigned> expected(16);
  for (size_t i = 0; i < in.size(); ++i) {
    in[i] = static_cast<unsigned char>(i * i % 251);
    ++expected[in[i] % 16];
  }
  const DeviceBuffer<unsigned char> device(in);
  const DeviceBuffer<unsigned> bins(std::vector<unsigned>(16, 0u));
  shared_histogram_kernel<<<3, kThreads>>>(device.data(), int(in.size()), bins.data());
  EXPECT_EQ(bins.values(), expected);
}

INSTANTIATE_TEST_SUITE_P(Schedules, PtxAtomic, all_conditions(), condition_name);

}  // namespace ptx_atomic
}  // namespace simulated_gpu::test
