#include "engine/evaluation/list_metrics.h"

#include "engine/evaluation/metric_names.h"

namespace matinee::engine {

void ListTotals::add(std::span<const ranking::RankedItem> list, const UserList& user) {
  for (const ranking::RankedItem& place : list) {
    if (place.item < 0) break;
    recommended_[static_cast<std::size_t>(place.item)] = true;
    ++places_;
  }
  novelty_ += user.novelty;
  if (!user.mean_similarity) return;
  ++paired_users_;
  similarity_ += *user.mean_similarity;
}

void ListTotals::report(int64_t length, const TrainingPopularity& popularity, const EvaluationOptions& options,
                        std::map<std::string, double>& metrics) const {
  const auto put = [&](std::string_view name, double sum, int64_t count) {
    if (count > 0) metrics[at_length(name, length)] = sum / static_cast<double>(count);
  };
  if (options.wants(Metric::kCoverage)) {
    int64_t covered = 0;
    for (std::size_t item = 0; item < recommended_.size(); ++item) {
      covered += recommended_[item] && popularity.counts[item] > 0 ? 1 : 0;
    }
    put("coverage", static_cast<double>(covered), popularity.items_rated);
  }
  if (options.wants(Metric::kNovelty)) put(novelty_metric(options.novelty), novelty_, places_);
  if (options.wants(Metric::kIls) && has_pairs(length)) put("ils", similarity_, paired_users_);
}

void describe_prefixes(std::span<const ranking::RankedItem> list, std::span<const int64_t> lengths,
                       std::span<const double> novelty, InteractionSimilarity::Cache* similarity,
                       std::span<UserList> prefixes) {
  double novelty_sum = 0, similarity_sum = 0;
  int64_t pairs = 0;
  std::size_t place = 0;
  for (std::size_t prefix = 0; prefix < lengths.size(); ++prefix) {
    for (; place < static_cast<std::size_t>(lengths[prefix]) && list[place].item >= 0; ++place) {
      novelty_sum += novelty[static_cast<std::size_t>(list[place].item)];
      if (similarity == nullptr) continue;
      for (std::size_t before = 0; before < place; ++before) {
        similarity_sum += similarity->value(list[before].item, list[place].item);
        ++pairs;
      }
    }
    prefixes[prefix].novelty = novelty_sum;
    prefixes[prefix].mean_similarity.reset();
    if (pairs > 0) prefixes[prefix].mean_similarity = similarity_sum / static_cast<double>(pairs);
  }
}

std::map<std::string, double> mean_over_folds(std::span<const std::map<std::string, double>> folds) {
  std::map<std::string, double> sums, means;
  std::map<std::string, int64_t> counts;
  for (const auto& fold : folds) {
    for (const auto& [name, value] : fold) {
      sums[name] += value;
      ++counts[name];
    }
  }
  for (const auto& [name, sum] : sums) means[name] = sum / static_cast<double>(counts[name]);
  return means;
}

}  // namespace matinee::engine
