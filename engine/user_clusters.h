#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace matinee::engine {

// Which cluster each user belongs to, and what the clusters are like.
struct UserClusters {
  std::vector<std::string> genres;
  std::vector<int32_t> clusters;      // (users)
  std::vector<int64_t> sizes;         // (clusters), users
  std::vector<float> centroids;       // (clusters, 2 × genres), as GenreFeatures has them
  std::vector<double> mean_ratings;   // (clusters, genres), of the cluster's ratings of the genre; 0 where it has none
  std::vector<double> rating_shares;  // (clusters, genres), of the cluster's ratings, an item counting for each genre

  int64_t count() const { return static_cast<int64_t>(sizes.size()); }
};

}  // namespace matinee::engine
