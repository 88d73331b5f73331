#include <memory>
#include <vector>

#include "engine/bench/bench_case.h"
#include "kernels/clustering/k_means.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

constexpr int64_t kPoints = 100'000, kDimensions = 40, kClusters = 50;  // users, two numbers a genre, groups

PreparedBench prepare_step(Context& context) {
  struct Data {
    Data() : values(kPoints * kDimensions), start(kClusters * kDimensions), centroids(start.size()) {
      const Philox draws(5, stream_id(RandomStream::kSynthetic));
      for (std::size_t n = 0; n < values.size(); ++n) values[n] = static_cast<float>(draws.uniform(n));
    }
    std::vector<float> values, start, centroids;
  };
  const auto data = std::make_shared<Data>();
  const clustering::Points points = clustering::prepare_points({data->values.data(), kDimensions, kPoints, kPoints});
  clustering::k_means_start(context, points, 1, {data->start.data(), kClusters, kDimensions, kDimensions});
  const auto run = [&context, data, points] {
    data->centroids = data->start;
    clustering::k_means_step(context, points, {data->centroids.data(), kClusters, kDimensions, kDimensions});
  };
  const double coordinates = kPoints * kDimensions;
  return {run, 2 * 4 * coordinates, 3 * coordinates * kClusters, kPoints};
}

}  // namespace

std::vector<BenchCase> clustering_bench_cases() {
  return {{"k_means_step/50", "points", prepare_step, true}};
}

}  // namespace matinee::engine
