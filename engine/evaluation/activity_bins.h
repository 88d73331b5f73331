#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/evaluation/list_metrics.h"
#include "engine/evaluation/measure_ranking.h"
#include "kernels/support/sparse_view.h"

namespace matinee::engine {

// The bin, 0 .. bins - 1, of each of `users` by its number of ratings in `train`: bins × (users with fewer) / users,
// rounded down. Users with equally many share a bin, so bins can differ in size, and some can be empty.
std::vector<int64_t> activity_bins(const SparseView& train, std::span<const int32_t> users, int64_t bins);

// Lists of one fold, bin by bin, added in rising order of users.
class BinTotals {
 public:
  // `bins` 0: nothing is added up.
  BinTotals(const SparseView& train, std::span<const int32_t> users, int64_t bins, std::size_t lengths);

  // `place`: of the user among the evaluated ones.
  void add(std::size_t place, std::size_t length, const UserRanking& ranking, std::span<const ranking::RankedItem> list,
           const UserList& described);
  std::vector<ActivityBin> finish(std::span<const int64_t> lengths, const TrainingPopularity& popularity,
                                  const EvaluationOptions& options);

 private:
  std::vector<int64_t> bin_of_;  // (users)
  std::vector<ActivityBin> bins_;
  std::vector<std::vector<ListTotals>> lists_;  // (bins, lengths)
};

// Folds have bins of their own: added up by their numbers.
std::vector<ActivityBin> pool_bins(const std::vector<std::vector<ActivityBin>>& folds);

}  // namespace matinee::engine
