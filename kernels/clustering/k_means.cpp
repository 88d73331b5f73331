#include "kernels/clustering/k_means.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/clustering/k_means_cuda.h"
#include "kernels/support/dispatch.h"
#include "kernels/support/philox.h"

namespace matinee::clustering {
namespace {

constexpr double kGreatestCoordinate = 1e15;
constexpr int kSumBits = 62;
constexpr double kLeastSum = 0x1p-100;  // what is smaller is cut

// The greatest power of two that keeps a sum of `count` values of at most `greatest` below 2^62.
double scale_for(double greatest, int64_t count) {
  const double sum = greatest * static_cast<double>(std::max<int64_t>(count, 1));
  return std::ldexp(1.0, kSumBits - 1 - std::ilogb(std::max(sum, kLeastSum)));
}

void check(const Points& points, int64_t clusters, int64_t dimensions) {
  if (clusters < 1 || clusters > INT32_MAX || points.count() > INT32_MAX || dimensions != points.dimensions()) {
    fail(ErrorKind::kConfig, "k-means: {} centroids of {} dimensions for {} points of {}", clusters, dimensions,
         points.count(), points.dimensions());
  }
}

// The first point whose distances, with those of all before it, add up to more than `target`.
int64_t point_at(const Points& points, std::span<const float> distances, int64_t target) {
  int64_t sum = 0;
  for (std::size_t point = 0; point < distances.size(); ++point) {
    sum += fixed_point(distances[point], points.distance_scale);
    if (sum > target) return static_cast<int64_t>(point);
  }
  return static_cast<int64_t>(distances.size()) - 1;
}

int64_t total_of(const Points& points, std::span<const float> distances) {
  int64_t sum = 0;
  for (const float distance : distances) sum += fixed_point(distance, points.distance_scale);
  return sum;
}

// Gives each empty cluster a point; `nearest` and `counts` follow. Returns how many took one.
int64_t fill_empty(std::span<int32_t> nearest, std::span<float> distances, std::span<int64_t> counts) {
  int64_t filled = 0;
  for (std::size_t cluster = 0; cluster < counts.size(); ++cluster) {
    if (counts[cluster] > 0) continue;
    std::size_t farthest = distances.size();
    for (std::size_t point = 0; point < distances.size(); ++point) {
      if (distances[point] <= 0 || counts[static_cast<std::size_t>(nearest[point])] < 2) continue;
      if (farthest == distances.size() || distances[point] > distances[farthest]) farthest = point;
    }
    if (farthest == distances.size()) break;
    --counts[static_cast<std::size_t>(nearest[farthest])];
    nearest[farthest] = static_cast<int32_t>(cluster);
    distances[farthest] = 0;
    counts[cluster] = 1;
    ++filled;
  }
  return filled;
}

}  // namespace

Points prepare_points(const MatrixView<const float>& values) {
  double greatest = 0;
  for (int64_t dimension = 0; dimension < values.rows; ++dimension) {
    for (int64_t point = 0; point < values.columns; ++point) {
      const double value = std::abs(static_cast<double>(values(dimension, point)));
      if (!(value <= kGreatestCoordinate)) {
        fail(ErrorKind::kInput, "k-means: coordinate {} of point {} is {}; give numbers between -1e15 and 1e15",
             dimension, point, values(dimension, point));
      }
      greatest = std::max(greatest, value);
    }
  }
  // Twice what exact arithmetic gives: float rounds distances up at times.
  const double farthest = 8 * greatest * greatest * static_cast<double>(std::max<int64_t>(values.rows, 1));
  return {values, scale_for(greatest, values.columns), scale_for(farthest, values.columns)};
}

void nearest_centroids(Context& context, const Points& points, const MatrixView<const float>& centroids,
                       std::span<int32_t> nearest, std::span<float> distances) {
  check(points, centroids.rows, centroids.columns);
  if (static_cast<int64_t>(nearest.size()) != points.count() || distances.size() != nearest.size()) {
    fail(ErrorKind::kConfig, "k-means: room for {} nearest centroids and {} distances of {} points", nearest.size(),
         distances.size(), points.count());
  }
  if (points.count() == 0) return;
  MATINEE_DISPATCH(context, nearest_centroids, points, centroids, nearest, distances);
}

void k_means_start(Context& context, const Points& points, uint64_t seed, const MatrixView<float>& centroids) {
  check(points, centroids.rows, centroids.columns);
  if (points.count() == 0) fail(ErrorKind::kConfig, "k-means: there are no points to choose centroids from");
  const Philox draws(seed, stream_id(RandomStream::kClusters));
  const auto count = static_cast<uint64_t>(points.count());
  std::vector<float> distances(static_cast<std::size_t>(count), std::numeric_limits<float>::max());
  for (int64_t cluster = 0; cluster < centroids.rows; ++cluster) {
    const auto draw = static_cast<uint64_t>(cluster);
    const int64_t total = cluster == 0 ? 0 : total_of(points, distances);
    const int64_t chosen =
        total == 0 ? static_cast<int64_t>(draws.below(draw, count))
                   : point_at(points, distances, static_cast<int64_t>(draws.below(draw, static_cast<uint64_t>(total))));
    for (int64_t dimension = 0; dimension < points.dimensions(); ++dimension) {
      centroids(cluster, dimension) = points.values(dimension, chosen);
    }
    if (cluster + 1 < centroids.rows) MATINEE_DISPATCH(context, lower_distances, points, chosen, distances);
  }
}

KMeansStep k_means_step(Context& context, const Points& points, const MatrixView<float>& centroids) {
  const auto count = static_cast<std::size_t>(points.count());
  std::vector<int32_t> nearest(count);
  std::vector<float> distances(count);
  nearest_centroids(context, points, centroids, nearest, distances);
  KMeansStep step;
  if (count == 0) return step;
  for (const float distance : distances) step.inertia += static_cast<double>(distance);
  std::vector<int64_t> counts(static_cast<std::size_t>(centroids.rows));
  for (const int32_t cluster : nearest) ++counts[static_cast<std::size_t>(cluster)];
  step.filled = fill_empty(nearest, distances, counts);
  std::vector<int64_t> sums(static_cast<std::size_t>(centroids.rows * centroids.columns));
  const MatrixView<int64_t> sum_rows{sums.data(), centroids.rows, centroids.columns, centroids.columns};
  MATINEE_DISPATCH(context, sum_clusters, points, nearest, sum_rows);
  for (int64_t cluster = 0; cluster < centroids.rows; ++cluster) {
    const int64_t members = counts[static_cast<std::size_t>(cluster)];
    if (members == 0) continue;
    for (int64_t dimension = 0; dimension < centroids.columns; ++dimension) {
      const double mean = static_cast<double>(sum_rows(cluster, dimension)) / static_cast<double>(members);
      const auto coordinate = static_cast<float>(mean / points.coordinate_scale);
      step.moved = step.moved || coordinate != centroids(cluster, dimension);
      centroids(cluster, dimension) = coordinate;
    }
  }
  return step;
}

}  // namespace matinee::clustering
