#pragma once

#include <cmath>
#include <cstdint>
#include <span>

#include "kernels/support/context.h"
#include "kernels/support/host_device.h"
#include "kernels/support/matrix_view.h"

namespace matinee::clustering {

// What is clustered: (dimensions × points), one column a point, which the caller owns. Distances are squared and
// Euclidean, in float, fused multiply-adds by rising dimension. Coordinates, and distances between points, are cut to
// a fixed-point number before they are added up, value × scale, so that sums are exact integers: the same bits in any
// order, for any number of threads, and on CUDA.
struct Points {
  MatrixView<const float> values;
  double coordinate_scale = 1;  // a power of two: Σ over points of |coordinate| × scale < 2^62
  double distance_scale = 1;    // the same of distances between points

  int64_t count() const { return values.columns; }
  int64_t dimensions() const { return values.rows; }
};

// Error(kInput) naming a coordinate that is not finite or beyond ±1e15.
Points prepare_points(const MatrixView<const float>& values);

MATINEE_HOST_DEVICE_INLINE int64_t fixed_point(float value, double scale) {
  return static_cast<int64_t>(static_cast<double>(value) * scale);
}

MATINEE_HOST_DEVICE_INLINE float add_squared_difference(float sum, float left, float right) {
  const float difference = left - right;
  return fmaf(difference, difference, sum);
}

// Starting centroids (clusters × dimensions) by k-means++ (Arthur and Vassilvitskii, SODA 2007): a point, then each
// time another one, drawn in proportion to its distance from the nearest that was drawn before; uniformly, where all
// these distances are 0. O(points × clusters × dimensions). Error(kConfig) for misshapen views or where there is no
// point or no cluster.
void k_means_start(Context& context, const Points& points, uint64_t seed, const MatrixView<float>& centroids);

struct KMeansStep {
  double inertia = 0;  // Σ distance of each point to its nearest centroid, before the step
  int64_t filled = 0;  // empty clusters that took a point
  bool moved = false;  // whether any centroid changed
};

// One iteration of Lloyd's algorithm: each point to its nearest centroid (ties: the first), each centroid to the mean
// of its points. A cluster without points, in rising order, takes the point that is farthest from its centroid (ties:
// the first) among those of clusters with two or more; where all of these are at distance 0, it keeps its centroid.
// O(points × clusters × dimensions), memory O(points + threads × clusters × dimensions).
KMeansStep k_means_step(Context& context, const Points& points, const MatrixView<float>& centroids);

// The nearest centroid of each point (ties: the first) and its distance. On CUDA: 4 bytes read per coordinate for every
// 16 centroids, 3 flops per coordinate and centroid.
void nearest_centroids(Context& context, const Points& points, const MatrixView<const float>& centroids,
                       std::span<int32_t> nearest, std::span<float> distances);

void nearest_centroids_cpu(Context& context, const Points& points, const MatrixView<const float>& centroids,
                           std::span<int32_t> nearest, std::span<float> distances);
// distances[n] = min(distances[n], distance of points n and `chosen`)
void lower_distances_cpu(Context& context, const Points& points, int64_t chosen, std::span<float> distances);
// sums(cluster, dimension) = Σ fixed_point(coordinate) over the points of the cluster; (clusters × dimensions).
void sum_clusters_cpu(Context& context, const Points& points, std::span<const int32_t> nearest,
                      const MatrixView<int64_t>& sums);

}  // namespace matinee::clustering
