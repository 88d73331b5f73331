#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace matinee::host {

// What a report shows of the groups of users that a model found.
struct ClustersOverview {
  struct Cluster {
    int64_t users = 0;
    std::vector<double> mean_ratings;   // (genres), of the group's ratings of the genre; 0 where it has none
    std::vector<double> rating_shares;  // (genres), of its ratings, an item counting for each of its genres
  };

  std::vector<std::string> genres;
  std::vector<Cluster> clusters;
};

}  // namespace matinee::host
