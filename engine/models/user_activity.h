#pragma once

#include <span>
#include <string>
#include <vector>

#include "engine/model.h"

namespace matinee::engine {

// User activity, reading "mixing" (math.md §8): those who rate everything, and whose cluster does, say less.
struct ActivityOptions {
  std::string clusters;  // name of a model of type clusters; empty: every user weighs 1
  double mix = 0.4;      // λ

  bool wanted() const { return !clusters.empty(); }
  void describe(Parameters& parameters);
  // Why `other`, which `clusters` names, cannot be used; empty: it can.
  static std::string obstacle(const Model& other);
};

// Weight of each user's contribution, in 0 .. 1:
//   1 / ln(e + activity × greatest),  activity = λ × a_cluster + (1 - λ) × a_count,  a_count = ratings / greatest,
// where greatest is the most ratings of any user and a_cluster the mean a_count of the user's cluster.
std::vector<double> activity_weights(const SparseView& by_user, std::span<const int32_t> clusters, double mix);

// Multiplies the similarity of each neighbour in lists of users by the neighbour's weight; each list falls again
// afterwards, ties by smaller index.
void weigh_neighbours(std::span<const double> weights, std::span<const int64_t> offsets, std::span<int32_t> neighbours,
                      std::span<float> similarities);

}  // namespace matinee::engine
