#pragma once

#include "kernels/clustering/k_means.h"

namespace matinee::clustering {

// The parts of k-means on CUDA, with the bits of their namesakes on the CPU; operands are checked.
void nearest_centroids_cuda(Context& context, const Points& points, const MatrixView<const float>& centroids,
                            std::span<int32_t> nearest, std::span<float> distances);
void lower_distances_cuda(Context& context, const Points& points, int64_t chosen, std::span<float> distances);
void sum_clusters_cuda(Context& context, const Points& points, std::span<const int32_t> nearest,
                       const MatrixView<int64_t>& sums);

}  // namespace matinee::clustering
