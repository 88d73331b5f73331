#pragma once

#include <span>
#include <vector>

#include "engine/data/ratings.h"
#include "engine/models/genre_features.h"
#include "engine/user_clusters.h"
#include "kernels/support/context.h"

namespace matinee::engine {

// Sets sizes, mean_ratings and rating_shares of clusters whose users are known. Integer sums: the same bytes for any
// order.
void set_profiles(const SparseView& by_user, const RatingGrid& grid, const ItemGenres& genres, int64_t count,
                  UserClusters& clusters);

// Bayesian mean rating of each item in each cluster, (count × items):
//   (prior × g + Σ ratings in the cluster) / (prior + number of them),
// g: that of the item among all users, likewise with the mean of all ratings (without any, the middle of the grid).
std::vector<float> cluster_means(Context& context, const SparseView& by_item, const RatingGrid& grid,
                                 std::span<const int32_t> clusters, int64_t count, double prior);

}  // namespace matinee::engine
