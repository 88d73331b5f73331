#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/evaluation/interaction_similarity.h"
#include "engine/evaluation/options.h"
#include "engine/evaluation/training_popularity.h"
#include "kernels/ranking/top_n.h"

namespace matinee::engine {

// What one user's list of the N best items is like, whatever the user thinks of them.
struct UserList {
  double novelty = 0;                     // sum over the list
  std::optional<double> mean_similarity;  // of all pairs of the list; none where it has fewer than two items
};

// The lists of one fold at one N, added in rising order of users.
class ListTotals {
 public:
  explicit ListTotals(int64_t items) : recommended_(static_cast<std::size_t>(items)) {}

  void add(std::span<const ranking::RankedItem> list, const UserList& user);
  // coverage@N: recommended items that have training ratings / items that have; novelty@N: mean over list places
  // (named novelty_log_popularity@N where lower is more novel); ils@N: mean over users with two or more items.
  void report(int64_t length, const TrainingPopularity& popularity, const EvaluationOptions& options,
              std::map<std::string, double>& metrics) const;

 private:
  std::vector<bool> recommended_;  // (items)
  int64_t places_ = 0, paired_users_ = 0;
  double novelty_ = 0, similarity_ = 0;
};

// UserList of each prefix of `list` whose length is in `lengths` (rising). `similarity` may be null: not wanted.
void describe_prefixes(std::span<const ranking::RankedItem> list, std::span<const int64_t> lengths,
                       std::span<const double> novelty, InteractionSimilarity::Cache* similarity,
                       std::span<UserList> prefixes);

// The mean over folds of each metric, over the folds that have it.
std::map<std::string, double> mean_over_folds(std::span<const std::map<std::string, double>> folds);

}  // namespace matinee::engine
