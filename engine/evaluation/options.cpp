#include "engine/evaluation/options.h"

#include <algorithm>
#include <array>

namespace matinee::engine {
namespace {

// In the order of the enums.
constexpr auto kMetricNames = std::to_array<std::string_view>(
    {"precision", "recall", "hit_rate", "ndcg", "coverage", "novelty", "ils", "rmse", "mae"});
constexpr auto kNoveltyNames = std::to_array<std::string_view>({"self_information", "choice", "log_popularity"});
constexpr auto kSimilarityNames = std::to_array<std::string_view>({"binary_cosine", "jaccard", "cosine"});

bool has_duplicates(std::vector<int64_t> values) {
  std::sort(values.begin(), values.end());
  return std::adjacent_find(values.begin(), values.end()) != values.end();
}

}  // namespace

std::string_view name_of(NoveltyKind kind) {
  return kNoveltyNames[static_cast<std::size_t>(kind)];
}

std::string_view name_of(IlsSimilarity kind) {
  return kSimilarityNames[static_cast<std::size_t>(kind)];
}

void EvaluationOptions::describe(Parameters& parameters) {
  parameters.integers("top_n", top_n, {1, 1000}, "items",
                      "Lengths of the recommendation lists that are measured, one number or several.");
  if (top_n.empty()) parameters.reject("top_n", "names no list length; give one, such as 10");
  if (has_duplicates(top_n)) parameters.reject("top_n", "names a list length twice");
  std::vector<int> chosen;
  for (const Metric metric : metrics) chosen.push_back(static_cast<int>(metric));
  parameters.some_of("metrics", chosen, kMetricNames,
                     "What is measured. rmse and mae are given for models that predict ratings.");
  metrics.clear();
  for (const int metric : chosen) metrics.push_back(static_cast<Metric>(metric));
  if (metrics.empty()) parameters.reject("metrics", "names no metric");
  parameters.choice("novelty", novelty, kNoveltyNames,
                    "Novelty of an item with n of the training ratings: self_information -log2(n/users), choice "
                    "-log2(n/ratings), log_popularity ln(1+n), where lower is more novel.");
  parameters.choice("ils_similarity", ils_similarity, kSimilarityNames,
                    "Similarity of the items of one list, from training ratings, for ils: intra-list similarity, where "
                    "higher is less diverse.");
  parameters.integer("sampled_negatives", sampled_negatives, {0, 1'000'000}, "items",
                     "Each held-out item is also ranked against this many items drawn from those that the user has "
                     "not rated; 0 draws none.");
  parameters.integer("activity_bins", activity_bins, {0, 100}, "bins",
                     "User activity, reading quantile: the evaluated users are also measured in so many bins of like "
                     "size by their number of training ratings, from the least active to the most; who has as many "
                     "ratings is in the same bin. 0: none.");
  if (activity_bins == 1 && !parameters.refused("activity_bins")) {
    parameters.reject("activity_bins", "is 1, which is everybody: give 2 or more, or 0 for none");
  }
}

}  // namespace matinee::engine
