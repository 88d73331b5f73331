#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model.h"
#include "engine/models/genre_features.h"
#include "engine/user_clusters.h"

namespace matinee::engine {

// Groups of users who rate like genres in a like way, by k-means (math.md §9). Recommends what the user's cluster rates
// best: the score of an item is its Bayesian mean rating in the cluster,
//   (p × g + Σ ratings in the cluster) / (p + number of them),   p = `prior`,
// where g is the item's Bayesian mean among all users, likewise with the mean of all ratings. What nobody of the
// cluster has rated has the score of everybody.
class Clusters : public Model {
 public:
  std::string_view type() const override { return "clusters"; }
  void describe(Parameters& parameters) override;
  int64_t host_bytes(const DataShape& shape) const override;
  bool trains_on_cuda() const override { return true; }
  int64_t device_bytes(const DataShape& shape) const override;
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;
  void score(Context& context, const History& history, std::span<const int32_t> users,
             MatrixView<float> scores) const override;
  bool predicts_ratings() const override { return true; }
  void predict(Context& context, const History& history, std::span<const int32_t> users, std::span<const int32_t> items,
               std::span<float> ratings) const override;
  const UserClusters* user_clusters() const override { return &found_; }

 private:
  // Of those users of whom something is known. Returns how many.
  int64_t find_centroids(Context& context, const GenreFeatures& features, uint64_t seed, TrainingMonitor& monitor);
  void require_users(int32_t user) const;

  int64_t clusters_ = 20, iterations_ = 100;
  GenreScale scale_ = GenreScale::kCentred;
  double prior_ = 10;

  UserClusters found_;
  std::vector<float> means_;  // (clusters, items)
  int64_t items_ = 0;
};

}  // namespace matinee::engine
