#include <algorithm>
#include <vector>

#include "kernels/clustering/k_means.h"
#include "kernels/support/multiversion.h"

namespace matinee::clustering {
namespace {

constexpr int64_t kLanes = 16;  // points compared with a centroid at once
constexpr int64_t kPointsPerTask = 1024;

// Distances of up to kLanes points from `first` on to one centroid; lanes beyond `width` hold nothing.
MATINEE_MULTIVERSION_FUSED
void lane_distances(const float* tile, const float* centroid, int64_t dimensions, float* distances) {
  float sums[kLanes] = {};
  for (int64_t dimension = 0; dimension < dimensions; ++dimension) {
    const float* values = tile + dimension * kLanes;
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      sums[lane] = add_squared_difference(sums[lane], values[lane], centroid[dimension]);
    }
  }
  std::copy_n(sums, kLanes, distances);
}

// Copies points first … first + width - 1 to (dimensions × kLanes).
void load_tile(const Points& points, int64_t first, int64_t width, std::vector<float>& tile) {
  tile.assign(static_cast<std::size_t>(points.dimensions() * kLanes), 0.0f);
  for (int64_t dimension = 0; dimension < points.dimensions(); ++dimension) {
    std::copy_n(points.values.row(dimension) + first, width, tile.data() + dimension * kLanes);
  }
}

// Calls body(first, width, tile) for tiles of points, in parallel.
template <typename Body>
void for_tiles(Context& context, const Points& points, const Body& body) {
  std::vector<std::vector<float>> tiles(static_cast<std::size_t>(context.threads()));
  parallel_blocks(context, points.count(), kPointsPerTask, [&](int64_t begin, int64_t end, int worker) {
    std::vector<float>& tile = tiles[static_cast<std::size_t>(worker)];
    for (int64_t first = begin; first < end; first += kLanes) {
      const int64_t width = std::min(kLanes, end - first);
      load_tile(points, first, width, tile);
      body(first, width, tile.data());
    }
  });
}

}  // namespace

void nearest_centroids_cpu(Context& context, const Points& points, const MatrixView<const float>& centroids,
                           std::span<int32_t> nearest, std::span<float> distances) {
  for_tiles(context, points, [&](int64_t first, int64_t width, const float* tile) {
    float best[kLanes], found[kLanes];
    int32_t clusters[kLanes] = {};
    for (int64_t cluster = 0; cluster < centroids.rows; ++cluster) {
      lane_distances(tile, centroids.row(cluster), points.dimensions(), found);
      for (int64_t lane = 0; lane < kLanes; ++lane) {
        const bool nearer = cluster == 0 || found[lane] < best[lane];
        best[lane] = nearer ? found[lane] : best[lane];
        clusters[lane] = nearer ? static_cast<int32_t>(cluster) : clusters[lane];
      }
    }
    std::copy_n(clusters, width, nearest.begin() + first);
    std::copy_n(best, width, distances.begin() + first);
  });
}

void lower_distances_cpu(Context& context, const Points& points, int64_t chosen, std::span<float> distances) {
  std::vector<float> centroid(static_cast<std::size_t>(points.dimensions()));
  for (int64_t dimension = 0; dimension < points.dimensions(); ++dimension) {
    centroid[static_cast<std::size_t>(dimension)] = points.values(dimension, chosen);
  }
  for_tiles(context, points, [&](int64_t first, int64_t width, const float* tile) {
    float found[kLanes];
    lane_distances(tile, centroid.data(), points.dimensions(), found);
    for (int64_t lane = 0; lane < width; ++lane) {
      float& distance = distances[static_cast<std::size_t>(first + lane)];
      distance = std::min(distance, found[lane]);
    }
  });
}

void sum_clusters_cpu(Context& context, const Points& points, std::span<const int32_t> nearest,
                      const MatrixView<int64_t>& sums) {
  const auto entries = static_cast<std::size_t>(sums.rows * sums.columns);
  std::vector<std::vector<int64_t>> parts(static_cast<std::size_t>(context.threads()));  // per worker
  parallel_blocks(context, points.count(), kPointsPerTask, [&](int64_t begin, int64_t end, int worker) {
    std::vector<int64_t>& part = parts[static_cast<std::size_t>(worker)];
    part.resize(entries);
    for (int64_t dimension = 0; dimension < points.dimensions(); ++dimension) {
      const float* values = points.values.row(dimension);
      for (int64_t point = begin; point < end; ++point) {
        const int64_t cluster = nearest[static_cast<std::size_t>(point)];
        part[static_cast<std::size_t>(cluster * sums.columns + dimension)] +=
            fixed_point(values[point], points.coordinate_scale);
      }
    }
  });
  for (int64_t row = 0; row < sums.rows; ++row) std::fill_n(sums.row(row), sums.columns, 0);
  for (const std::vector<int64_t>& part : parts) {
    if (part.empty()) continue;
    for (int64_t row = 0; row < sums.rows; ++row) {
      for (int64_t column = 0; column < sums.columns; ++column) {
        sums(row, column) += part[static_cast<std::size_t>(row * sums.columns + column)];
      }
    }
  }
}

}  // namespace matinee::clustering
