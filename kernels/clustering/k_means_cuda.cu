#include <memory>
#include <vector>

#include "kernels/clustering/k_means_cuda.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/operand.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::clustering {
namespace {

constexpr int kThreads = 128;
constexpr int kCentroids = 16;   // that a thread compares its point with at once
constexpr int kDimensions = 64;  // of them that lie in shared memory at once

// A thread per point. Per 16 centroids it reads 4 bytes a coordinate, coalesced, and 3 flops a coordinate and centroid;
// the centroids come from 4 KiB of shared memory, every thread the same word.
__global__ void __launch_bounds__(kThreads)
    nearest_centroids_kernel(const float* __restrict__ values,  // (dimensions, points)
                             int64_t points, int64_t dimensions,
                             const float* __restrict__ centroids,  // (clusters, dimensions)
                             int64_t clusters, int32_t* __restrict__ nearest, float* __restrict__ distances) {
  __shared__ float tile[kCentroids][kDimensions];
  const int64_t point = grid_thread(blockIdx.x, kThreads, threadIdx.x);
  float best = 0;
  int32_t cluster_of_best = 0;
  for (int64_t first = 0; first < clusters; first += kCentroids) {
    float sums[kCentroids] = {};
    for (int64_t begin = 0; begin < dimensions; begin += kDimensions) {
      __syncthreads();
      for (int n = threadIdx.x; n < kCentroids * kDimensions; n += kThreads) {
        const int64_t cluster = first + n / kDimensions, dimension = begin + n % kDimensions;
        tile[n / kDimensions][n % kDimensions] =
            cluster < clusters && dimension < dimensions ? centroids[element(cluster, dimensions, dimension)] : 0.0f;
      }
      __syncthreads();
      const int64_t width = min(int64_t{kDimensions}, dimensions - begin);
      for (int64_t n = 0; point < points && n < width; ++n) {
        const float value = values[element(begin + n, points, point)];
#pragma unroll
        for (int c = 0; c < kCentroids; ++c) sums[c] = add_squared_difference(sums[c], value, tile[c][n]);
      }
    }
#pragma unroll
    for (int c = 0; c < kCentroids; ++c) {
      if (first + c >= clusters || (first + c > 0 && !(sums[c] < best))) continue;
      best = sums[c];
      cluster_of_best = static_cast<int32_t>(first + c);
    }
  }
  if (point >= points) return;
  nearest[point] = cluster_of_best;
  distances[point] = best;
}

// A thread per point: reads 4 bytes a coordinate, coalesced; the chosen point's come from the cache.
__global__ void __launch_bounds__(kThreads)
    lower_distances_kernel(const float* __restrict__ values,  // (dimensions, points)
                           int64_t points, int64_t dimensions, int64_t chosen, float* __restrict__ distances) {
  const int64_t point = grid_thread(blockIdx.x, kThreads, threadIdx.x);
  if (point >= points) return;
  float sum = 0;
  for (int64_t dimension = 0; dimension < dimensions; ++dimension) {
    const float* row = values + dimension * points;
    sum = add_squared_difference(sum, row[point], row[chosen]);
  }
  distances[point] = min(distances[point], sum);
}

// A thread per point: 4 bytes read, coalesced, and one 64-bit atomic addition a coordinate. Additions of integers: any
// order gives the same sums.
__global__ void __launch_bounds__(kThreads)
    sum_clusters_kernel(const float* __restrict__ values,  // (dimensions, points)
                        int64_t points, int64_t dimensions, const int32_t* __restrict__ nearest, double scale,
                        unsigned long long* __restrict__ sums) {  // (clusters, dimensions)
  const int64_t point = grid_thread(blockIdx.x, kThreads, threadIdx.x);
  if (point >= points) return;
  const int64_t cluster = nearest[point];
  for (int64_t dimension = 0; dimension < dimensions; ++dimension) {
    const int64_t value = fixed_point(values[element(dimension, points, point)], scale);
    atomicAdd(sums + element(cluster, dimensions, dimension), static_cast<unsigned long long>(value));
  }
}

// The points on the device without gaps between rows.
DeviceBuffer<float> uploaded_points(CudaResources& cuda, const Points& points) {
  DeviceBuffer<float> values(cuda, points.dimensions() * points.count());
  for (int64_t dimension = 0; dimension < points.dimensions(); ++dimension) {
    upload_bytes(cuda, values.data() + dimension * points.count(), points.values.row(dimension), points.count() * 4);
  }
  return values;
}

// What the kernels read: the caller's numbers, which KeepOperands may keep on the device, or a copy without gaps.
class PointsThere {
 public:
  PointsThere(CudaResources& cuda, const Points& points) {
    if (points.values.stride == points.count()) {
      kept_ = std::make_shared<Operand<float>>(cuda, points.values.data, points.dimensions() * points.count());
    } else {
      copied_ = uploaded_points(cuda, points);
    }
  }
  const float* data() const { return kept_ ? kept_->data() : copied_.data(); }

 private:
  std::shared_ptr<Operand<float>> kept_;
  DeviceBuffer<float> copied_;
};

}  // namespace

void nearest_centroids_cuda(Context& context, const Points& points, const MatrixView<const float>& centroids,
                            std::span<int32_t> nearest, std::span<float> distances) {
  CudaResources& cuda = context.cuda();
  const PointsThere values(cuda, points);
  std::vector<float> dense;
  for (int64_t row = 0; row < centroids.rows; ++row) {
    dense.insert(dense.end(), centroids.row(row), centroids.row(row) + centroids.columns);
  }
  const auto centroids_there = uploaded<float>(cuda, dense);
  DeviceBuffer<int32_t> nearest_there(cuda, points.count());
  DeviceBuffer<float> distances_there(cuda, points.count());
  launch(cuda, Kernel("nearest_centroids_kernel", nearest_centroids_kernel), one_thread_each(points.count(), kThreads),
         values.data(), points.count(), points.dimensions(), centroids_there.data(), centroids.rows,
         nearest_there.data(), distances_there.data());
  download(cuda, nearest, nearest_there);
  download(cuda, distances, distances_there);
}

void lower_distances_cuda(Context& context, const Points& points, int64_t chosen, std::span<float> distances) {
  CudaResources& cuda = context.cuda();
  const PointsThere values(cuda, points);
  auto distances_there = uploaded<float>(cuda, distances);
  launch(cuda, Kernel("lower_distances_kernel", lower_distances_kernel), one_thread_each(points.count(), kThreads),
         values.data(), points.count(), points.dimensions(), chosen, distances_there.data());
  download(cuda, distances, distances_there);
}

void sum_clusters_cuda(Context& context, const Points& points, std::span<const int32_t> nearest,
                       const MatrixView<int64_t>& sums) {
  CudaResources& cuda = context.cuda();
  const PointsThere values(cuda, points);
  const auto nearest_there = uploaded<int32_t>(cuda, nearest);
  DeviceBuffer<unsigned long long> sums_there(cuda, sums.rows * sums.columns);
  sums_there.clear();
  launch(cuda, Kernel("sum_clusters_kernel", sum_clusters_kernel), one_thread_each(points.count(), kThreads),
         values.data(), points.count(), points.dimensions(), nearest_there.data(), points.coordinate_scale,
         sums_there.data());
  std::vector<unsigned long long> dense(static_cast<std::size_t>(sums_there.size()));
  download<unsigned long long>(cuda, dense, sums_there);
  for (int64_t row = 0; row < sums.rows; ++row) {
    for (int64_t column = 0; column < sums.columns; ++column) {
      sums(row, column) = static_cast<int64_t>(dense[static_cast<std::size_t>(element(row, sums.columns, column))]);
    }
  }
}

}  // namespace matinee::clustering
