// CUB's block and device primitives against the standard library.
#include <algorithm>
#include <numeric>
#include <random>
#include <vector>

#include <cub/block/block_radix_sort.cuh>
#include <cub/block/block_reduce.cuh>
#include <cub/block/block_scan.cuh>
#include <cub/device/device_radix_sort.cuh>
#include <cub/device/device_reduce.cuh>
#include <cub/device/device_run_length_encode.cuh>
#include <cub/device/device_scan.cuh>
#include <cub/device/device_select.cuh>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "tests/ptx/any_schedule.h"

namespace simulated_gpu::test {
namespace ptx_cub {

constexpr int kThreads = 128, kItems = 3, kTile = kThreads * kItems;

class PtxCub : public AnySchedule {
 protected:
  static constexpr int kSizes[] = {0, 1, 31, 257, 4097, 30'011};

  void SetUp() override {
    AnySchedule::SetUp();
    random_.seed(matinee::test::random_seed());
  }
  std::vector<unsigned> random_values(int count, unsigned below) {
    std::vector<unsigned> values(count);
    for (unsigned& value : values) value = unsigned(random_() % below);
    return values;
  }
  // Calls a device-wide function as they want it: first for the size of its workspace, then with one.
  template <typename Function>
  static void with_workspace(Function function) {
    size_t bytes = 0;
    must(function(nullptr, bytes));
    const DeviceBuffer<char> workspace(bytes);
    must(function(workspace.data(), bytes));
  }

  std::mt19937 random_;
};

// DeviceBuffer and vectors of at least one element: a null pointer is no array.
std::vector<unsigned> padded(std::vector<unsigned> values) {
  values.push_back(0);
  return values;
}
std::vector<unsigned> first(std::vector<unsigned> values, size_t count) {
  values.resize(count);
  return values;
}

__global__ void block_kernel(const unsigned* in, int valid, unsigned* sum, unsigned* scanned, unsigned* total) {
  using Reduce = cub::BlockReduce<unsigned, kThreads>;
  using Scan = cub::BlockScan<unsigned, kThreads>;
  __shared__ union {
    typename Reduce::TempStorage reduce;
    typename Scan::TempStorage scan;
  } shared;
  const int t = int(threadIdx.x);
  const unsigned value = t < valid ? in[t] : 0u;
  const unsigned reduced = Reduce(shared.reduce).Sum(value, valid);
  __syncthreads();
  unsigned before, all;
  Scan(shared.scan).ExclusiveSum(value, before, all);
  scanned[t] = before;
  if (t == 0) *sum = reduced;
  if (t == kThreads - 1) *total = all;
}

TEST_P(PtxCub, BlockReduceAndScan) {
  for (const int valid : {1, 31, 32, 77, 128}) {
    const std::vector<unsigned> values = random_values(kThreads, 1000);
    const DeviceBuffer<unsigned> in(values), sum(1), scanned(kThreads), total(1);
    block_kernel<<<1, kThreads>>>(in.data(), valid, sum.data(), scanned.data(), total.data());
    std::vector<unsigned> expected(kThreads);
    std::vector<unsigned> used = values;
    std::fill(used.begin() + valid, used.end(), 0u);
    std::exclusive_scan(used.begin(), used.end(), expected.begin(), 0u);
    const unsigned all = std::accumulate(used.begin(), used.end(), 0u);
    EXPECT_EQ(scanned.values(), expected) << valid;
    EXPECT_EQ(sum.values()[0], all) << valid;
    EXPECT_EQ(total.values()[0], all) << valid;
  }
}

__global__ void block_sort_kernel(const unsigned* in, unsigned* out) {  // kTile numbers for each block
  using Sort = cub::BlockRadixSort<unsigned, kThreads, kItems>;
  __shared__ typename Sort::TempStorage shared;
  unsigned keys[kItems];
  const unsigned* mine = in + blockIdx.x * kTile + threadIdx.x * kItems;
  for (int i = 0; i < kItems; ++i) keys[i] = mine[i];
  Sort(shared).Sort(keys);
  for (int i = 0; i < kItems; ++i) out[blockIdx.x * kTile + threadIdx.x * kItems + i] = keys[i];
}

TEST_P(PtxCub, BlockRadixSort) {
  constexpr int kBlocks = 3;
  std::vector<unsigned> values = random_values(kBlocks * kTile, 0xffffffffu);
  const DeviceBuffer<unsigned> in(values), out(values.size());
  block_sort_kernel<<<kBlocks, kThreads>>>(in.data(), out.data());
  for (int b = 0; b < kBlocks; ++b) std::sort(values.begin() + b * kTile, values.begin() + (b + 1) * kTile);
  EXPECT_EQ(out.values(), values);
}

TEST_P(PtxCub, DeviceRadixSort) {
  for (const int n : kSizes) {
    const std::vector<unsigned> keys = random_values(n, n > 1000 ? 0xffffffffu : 100u);
    std::vector<unsigned> places(n);
    std::iota(places.begin(), places.end(), 0u);
    const DeviceBuffer<unsigned> keys_in(padded(keys)), places_in(padded(places)), keys_out(n + 1), places_out(n + 1);
    with_workspace([&](void* workspace, size_t& bytes) {
      return cub::DeviceRadixSort::SortPairs(workspace, bytes, keys_in.data(), keys_out.data(), places_in.data(),
                                             places_out.data(), n);
    });
    std::stable_sort(places.begin(), places.end(), [&](unsigned a, unsigned b) { return keys[a] < keys[b]; });
    EXPECT_EQ(first(places_out.values(), n), places) << n;
    for (unsigned& place : places) place = keys[place];
    EXPECT_EQ(first(keys_out.values(), n), places) << n;
  }
}

TEST_P(PtxCub, DeviceScanAndReduce) {
  for (const int n : kSizes) {
    const std::vector<unsigned> values = random_values(n, 100'000);
    const DeviceBuffer<unsigned> in(padded(values)), scanned(n + 1), sum(1), most(1);
    with_workspace([&](void* workspace, size_t& bytes) {
      return cub::DeviceScan::ExclusiveSum(workspace, bytes, in.data(), scanned.data(), n);
    });
    with_workspace([&](void* workspace, size_t& bytes) {
      return cub::DeviceReduce::Sum(workspace, bytes, in.data(), sum.data(), n);
    });
    with_workspace([&](void* workspace, size_t& bytes) {
      return cub::DeviceReduce::Max(workspace, bytes, in.data(), most.data(), n);
    });
    std::vector<unsigned> expected(n);
    std::exclusive_scan(values.begin(), values.end(), expected.begin(), 0u);
    EXPECT_EQ(first(scanned.values(), n), expected) << n;
    EXPECT_EQ(sum.values()[0], std::accumulate(values.begin(), values.end(), 0u)) << n;
    EXPECT_EQ(most.values()[0], n == 0 ? 0u : *std::max_element(values.begin(), values.end())) << n;
  }
}

struct IsOdd {
  __host__ __device__ bool operator()(unsigned x) const { return x % 2 != 0; }
};
TEST_P(PtxCub, DeviceSelect) {
  for (const int n : kSizes) {
    const std::vector<unsigned> values = random_values(n, 1000);
    const DeviceBuffer<unsigned> in(padded(values)), out(n + 1), count(1);
    with_workspace([&](void* workspace, size_t& bytes) {
      return cub::DeviceSelect::If(workspace, bytes, in.data(), out.data(), count.data(), n, IsOdd());
    });
    std::vector<unsigned> expected;
    std::copy_if(values.begin(), values.end(), std::back_inserter(expected), IsOdd());
    EXPECT_EQ(first(out.values(), count.values()[0]), expected) << n;
  }
}

TEST_P(PtxCub, DeviceRunLengthEncode) {
  for (const int n : kSizes) {
    std::vector<unsigned> values = random_values(n, 5);
    const DeviceBuffer<unsigned> in(padded(values)), unique(n + 1), lengths(n + 1), runs(1);
    with_workspace([&](void* workspace, size_t& bytes) {
      return cub::DeviceRunLengthEncode::Encode(workspace, bytes, in.data(), unique.data(), lengths.data(), runs.data(),
                                                n);
    });
    std::vector<unsigned> expected, expected_lengths;
    for (const unsigned value : values) {
      if (expected.empty() || expected.back() != value) {
        expected.push_back(value);
        expected_lengths.push_back(0);
      }
      ++expected_lengths.back();
    }
    const size_t found = runs.values()[0];
    EXPECT_EQ(first(unique.values(), found), expected) << n;
    EXPECT_EQ(first(lengths.values(), found), expected_lengths) << n;
  }
}

INSTANTIATE_TEST_SUITE_P(Schedules, PtxCub, all_conditions(), condition_name);

}  // namespace ptx_cub
}  // namespace simulated_gpu::test
