// Thrust, as its CUDA back end runs it, against the standard library.
#include <algorithm>
#include <map>
#include <numeric>
#include <random>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <thrust/copy.h>
#include <thrust/device_vector.h>
#include <thrust/functional.h>
#include <thrust/reduce.h>
#include <thrust/scan.h>
#include <thrust/sort.h>
#include <thrust/transform_reduce.h>

#include "tests/ptx/any_schedule.h"

namespace simulated_gpu::test {
namespace ptx_thrust {

class PtxThrust : public AnySchedule {
 protected:
  static constexpr int kSizes[] = {0, 1, 2, 33, 257, 1000, 4097, 20'011};

  void SetUp() override {
    AnySchedule::SetUp();
    random_.seed(matinee::test::random_seed());
  }
  std::vector<int> random_values(int count, int most) {
    std::vector<int> values(count);
    for (int& value : values) value = int(random_() % unsigned(2 * most + 1)) - most;
    return values;
  }
  static std::vector<int> counted(int count) {
    std::vector<int> values(count);
    std::iota(values.begin(), values.end(), 0);
    return values;
  }
  static std::vector<int> host(const thrust::device_vector<int>& device, size_t count) {
    std::vector<int> values(count);
    thrust::copy_n(device.begin(), count, values.begin());
    return values;
  }

  std::mt19937 random_;
};

TEST_P(PtxThrust, SortByKey) {
  for (const int n : kSizes) {
    const std::vector<int> keys = random_values(n, 1'000'000'000);
    thrust::device_vector<int> device_keys(keys), places(counted(n));
    thrust::sort_by_key(device_keys.begin(), device_keys.end(), places.begin());
    std::vector<int> sorted = keys;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(host(device_keys, n), sorted) << n;
    std::vector<int> moved = host(places, n), by_place;
    for (const int place : moved) by_place.push_back(keys.at(place));
    EXPECT_EQ(by_place, sorted) << n;
    std::sort(moved.begin(), moved.end());
    EXPECT_EQ(moved, counted(n)) << n;
  }
}

TEST_P(PtxThrust, StableSortByKey) {
  for (const int n : kSizes) {
    const std::vector<int> keys = random_values(n, 50);
    thrust::device_vector<int> device_keys(keys), places(counted(n));
    thrust::stable_sort_by_key(device_keys.begin(), device_keys.end(), places.begin(), thrust::greater<int>());
    std::vector<int> expected = counted(n);
    std::stable_sort(expected.begin(), expected.end(), [&](int a, int b) { return keys[a] > keys[b]; });
    EXPECT_EQ(host(places, n), expected) << n;
  }
}

TEST_P(PtxThrust, ReduceByKey) {
  for (const int n : kSizes) {
    std::vector<int> keys = random_values(n, 300);
    std::sort(keys.begin(), keys.end());
    const std::vector<int> values = random_values(n, 1000);
    thrust::device_vector<int> device_keys(keys), device_values(values), found(n), sums(n);
    const auto end = thrust::reduce_by_key(device_keys.begin(), device_keys.end(), device_values.begin(), found.begin(),
                                           sums.begin());
    std::map<int, int> expected;
    for (int i = 0; i < n; ++i) expected[keys[i]] += values[i];
    const size_t groups = size_t(end.first - found.begin());
    ASSERT_EQ(groups, expected.size()) << n;
    const std::vector<int> host_keys = host(found, groups), host_sums = host(sums, groups);
    size_t i = 0;
    for (const auto& [key, sum] : expected) {
      EXPECT_EQ(std::pair(host_keys[i], host_sums[i]), std::pair(key, sum)) << n;
      ++i;
    }
  }
}

TEST_P(PtxThrust, Scans) {
  for (const int n : kSizes) {
    const std::vector<int> values = random_values(n, 1000);
    const thrust::device_vector<int> in(values);
    thrust::device_vector<int> exclusive(n), inclusive(n);
    thrust::exclusive_scan(in.begin(), in.end(), exclusive.begin(), 7);
    thrust::inclusive_scan(in.begin(), in.end(), inclusive.begin());
    std::vector<int> expected(n);
    std::exclusive_scan(values.begin(), values.end(), expected.begin(), 7);
    EXPECT_EQ(host(exclusive, n), expected) << n;
    std::inclusive_scan(values.begin(), values.end(), expected.begin());
    EXPECT_EQ(host(inclusive, n), expected) << n;
  }
}

struct Square {
  __host__ __device__ long long operator()(int x) const { return (long long)x * x; }
};
TEST_P(PtxThrust, TransformReduce) {
  for (const int n : kSizes) {
    const std::vector<int> values = random_values(n, 100'000);
    const thrust::device_vector<int> in(values);
    const long long sum = thrust::transform_reduce(in.begin(), in.end(), Square(), 11LL, thrust::plus<long long>());
    long long expected = 11;
    for (const int x : values) expected += (long long)x * x;
    EXPECT_EQ(sum, expected) << n;
  }
}

struct IsOdd {
  __host__ __device__ bool operator()(int x) const { return x % 2 != 0; }
};
TEST_P(PtxThrust, CopyIf) {
  for (const int n : kSizes) {
    const std::vector<int> values = random_values(n, 1000);
    const thrust::device_vector<int> in(values);
    thrust::device_vector<int> out(n);
    const auto end = thrust::copy_if(in.begin(), in.end(), out.begin(), IsOdd());
    std::vector<int> expected;
    std::copy_if(values.begin(), values.end(), std::back_inserter(expected), IsOdd());
    EXPECT_EQ(host(out, size_t(end - out.begin())), expected) << n;
  }
}

INSTANTIATE_TEST_SUITE_P(Schedules, PtxThrust, all_conditions(), condition_name);

}  // namespace ptx_thrust
}  // namespace simulated_gpu::test
