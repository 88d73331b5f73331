#include "engine/models/user_activity.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "kernels/support/error.h"

namespace matinee::engine {

void ActivityOptions::describe(Parameters& p) {
  const ActivityOptions standard;
  p.model_reference("clusters", clusters,
                    "A model of type clusters. Weighs each user by 1 / ln(e + activity × most ratings of a user), "
                    "where activity is mix × the mean activity of the user's cluster + (1 - mix) × the user's own: "
                    "number of ratings / most ratings of a user. Empty: users are not weighed by activity.");
  p.real("mix", mix, {.minimum = 0, .maximum = 1}, "",
         "λ: how much of a user's activity is that of the user's cluster; the source paper tries 0.2 to 0.6.");
  if (clusters.empty() && mix != standard.mix && !p.refused("clusters")) {
    p.reject("mix", "has no effect without activity.clusters: name a model of type \"clusters\" there, or remove it");
  }
}

std::string ActivityOptions::obstacle(const Model& other) {
  if (other.user_clusters() != nullptr) return "";
  return fmt::format("activity.clusters is a model of type \"clusters\", and it is of type \"{}\"", other.type());
}

std::vector<double> activity_weights(const SparseView& by_user, std::span<const int32_t> clusters, double mix) {
  if (static_cast<int64_t>(clusters.size()) != by_user.rows) {
    fail(ErrorKind::kConfig, "user activity: clusters of {} users for ratings of {}", clusters.size(), by_user.rows);
  }
  struct Sum {
    int64_t users = 0, ratings = 0;
  };
  std::vector<Sum> sums;
  int64_t greatest = 1;
  for (int32_t user = 0; user < by_user.rows; ++user) {
    const auto cluster = static_cast<std::size_t>(clusters[static_cast<std::size_t>(user)]);
    if (cluster >= sums.size()) sums.resize(cluster + 1);
    ++sums[cluster].users;
    sums[cluster].ratings += by_user.row_size(user);
    greatest = std::max(greatest, by_user.row_size(user));
  }
  std::vector<double> weights;
  for (int32_t user = 0; user < by_user.rows; ++user) {
    const Sum& sum = sums[static_cast<std::size_t>(clusters[static_cast<std::size_t>(user)])];
    const auto most = static_cast<double>(greatest);
    const double of_cluster = static_cast<double>(sum.ratings) / static_cast<double>(sum.users) / most;
    const double activity = mix * of_cluster + (1 - mix) * static_cast<double>(by_user.row_size(user)) / most;
    weights.push_back(1 / std::log(std::numbers::e + activity * most));
  }
  return weights;
}

void weigh_neighbours(std::span<const double> weights, std::span<const int64_t> offsets, std::span<int32_t> neighbours,
                      std::span<float> similarities) {
  std::vector<std::pair<float, int32_t>> list;  // of negated similarities
  for (std::size_t row = 0; row + 1 < offsets.size(); ++row) {
    const auto begin = static_cast<std::size_t>(offsets[row]), end = static_cast<std::size_t>(offsets[row + 1]);
    list.clear();
    for (std::size_t n = begin; n < end; ++n) {
      const double weight = weights[static_cast<std::size_t>(neighbours[n])];
      list.emplace_back(-static_cast<float>(static_cast<double>(similarities[n]) * weight), neighbours[n]);
    }
    std::ranges::sort(list);
    for (std::size_t n = begin; n < end; ++n) {
      similarities[n] = -list[n - begin].first;
      neighbours[n] = list[n - begin].second;
    }
  }
}

}  // namespace matinee::engine
