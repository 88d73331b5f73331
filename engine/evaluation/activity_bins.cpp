#include "engine/evaluation/activity_bins.h"

#include <algorithm>

namespace matinee::engine {

std::vector<int64_t> activity_bins(const SparseView& train, std::span<const int32_t> users, int64_t bins) {
  std::vector<int64_t> counts;
  for (const int32_t user : users) counts.push_back(train.row_size(user));
  std::vector<int64_t> rising = counts;
  std::ranges::sort(rising);
  for (int64_t& count : counts) {
    const auto fewer = std::ranges::lower_bound(rising, count) - rising.begin();
    count = bins * fewer / static_cast<int64_t>(users.size());
  }
  return counts;
}

BinTotals::BinTotals(const SparseView& train, std::span<const int32_t> users, int64_t bins, std::size_t lengths) {
  if (bins == 0) return;
  bin_of_ = activity_bins(train, users, bins);
  bins_.resize(static_cast<std::size_t>(bins));
  lists_.assign(bins_.size(), std::vector(lengths, ListTotals(train.columns)));
  for (std::size_t place = 0; place < users.size(); ++place) {
    ActivityBin& bin = bins_[static_cast<std::size_t>(bin_of_[place])];
    const int64_t count = train.row_size(users[place]);
    bin.from = bin.number == 0 ? count : std::min(bin.from, count);
    bin.to = std::max(bin.to, count);
    bin.number = bin_of_[place] + 1;
    bin.totals.resize(lengths);
  }
}

void BinTotals::add(std::size_t place, std::size_t length, const UserRanking& ranking,
                    std::span<const ranking::RankedItem> list, const UserList& described) {
  if (bins_.empty()) return;
  const auto bin = static_cast<std::size_t>(bin_of_[place]);
  bins_[bin].totals[length].add(ranking);
  lists_[bin][length].add(list, described);
}

std::vector<ActivityBin> BinTotals::finish(std::span<const int64_t> lengths, const TrainingPopularity& popularity,
                                           const EvaluationOptions& options) {
  for (std::size_t bin = 0; bin < bins_.size(); ++bin) {
    for (std::size_t length = 0; length < lengths.size(); ++length) {
      lists_[bin][length].report(lengths[length], popularity, options, bins_[bin].list_metrics);
    }
  }
  std::erase_if(bins_, [](const ActivityBin& bin) { return bin.number == 0; });
  return std::move(bins_);
}

std::vector<ActivityBin> pool_bins(const std::vector<std::vector<ActivityBin>>& folds) {
  std::map<int64_t, ActivityBin> pooled;
  std::map<int64_t, std::vector<std::map<std::string, double>>> list_metrics;
  for (const std::vector<ActivityBin>& fold : folds) {
    for (const ActivityBin& bin : fold) {
      const auto [place, added] = pooled.try_emplace(bin.number, bin);
      list_metrics[bin.number].push_back(bin.list_metrics);
      if (added) continue;
      ActivityBin& sum = place->second;
      sum.from = std::min(sum.from, bin.from);
      sum.to = std::max(sum.to, bin.to);
      for (std::size_t length = 0; length < sum.totals.size(); ++length) sum.totals[length].add(bin.totals[length]);
    }
  }
  std::vector<ActivityBin> bins;
  for (auto& [number, bin] : pooled) {
    bin.list_metrics = mean_over_folds(list_metrics[number]);
    bins.push_back(std::move(bin));
  }
  return bins;
}

}  // namespace matinee::engine
