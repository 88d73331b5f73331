#include "engine/evaluation/metric_names.h"

#include <fmt/format.h>

namespace matinee::engine {
namespace {

void add_lists(const EvaluationOptions& options, int64_t length, std::vector<std::string>& names) {
  const auto add = [&](Metric metric, std::string_view name) {
    if (options.wants(metric)) names.push_back(at_length(name, length));
  };
  add(Metric::kPrecision, "precision");
  add(Metric::kPrecision, "precision_macro");
  add(Metric::kRecall, "recall");
  add(Metric::kRecall, "recall_macro");
  add(Metric::kHitRate, "hit_rate");
  add(Metric::kNdcg, "ndcg");
  add(Metric::kCoverage, "coverage");
  add(Metric::kNovelty, novelty_metric(options.novelty));
  if (has_pairs(length)) add(Metric::kIls, "ils");
}

}  // namespace

std::string at_length(std::string_view metric, int64_t length) {
  return fmt::format("{}@{}", metric, length);
}

std::string_view novelty_metric(NoveltyKind kind) {
  return kind == NoveltyKind::kLogPopularity ? "novelty_log_popularity" : "novelty";
}

MetricNames metric_names(const EvaluationOptions& options) {
  MetricNames names;
  for (const int64_t length : options.top_n) {
    add_lists(options, length, names.all);
    if (options.wants(Metric::kHitRate)) names.sampled.push_back(at_length("hit_rate", length));
    if (options.wants(Metric::kNdcg)) names.sampled.push_back(at_length("ndcg", length));
  }
  if (!names.sampled.empty()) names.sampled.emplace_back("tied_share");
  if (options.wants(Metric::kRmse)) names.ratings.insert(names.ratings.end(), {"rmse", "rmse_unclipped"});
  if (options.wants(Metric::kMae)) names.ratings.insert(names.ratings.end(), {"mae", "mae_unclipped"});
  return names;
}

}  // namespace matinee::engine
