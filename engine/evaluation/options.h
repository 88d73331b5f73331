#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/parameters.h"

namespace matinee::engine {

enum class Metric { kPrecision, kRecall, kHitRate, kNdcg, kCoverage, kNovelty, kIls, kRmse, kMae };
enum class NoveltyKind { kSelfInformation, kChoice, kLogPopularity };
enum class IlsSimilarity { kBinaryCosine, kJaccard, kCosine };

std::string_view name_of(NoveltyKind kind);
std::string_view name_of(IlsSimilarity kind);

// What is measured, and how: the part of the `evaluate` group that the arithmetic needs.
struct EvaluationOptions {
  std::vector<int64_t> top_n = {10};
  std::vector<Metric> metrics = {Metric::kPrecision, Metric::kRecall,  Metric::kHitRate, Metric::kNdcg,
                                 Metric::kCoverage,  Metric::kNovelty, Metric::kRmse,    Metric::kMae};
  NoveltyKind novelty = NoveltyKind::kSelfInformation;
  IlsSimilarity ils_similarity = IlsSimilarity::kBinaryCosine;
  int64_t sampled_negatives = 0;  // 0: none drawn; lists from a split's file are used in any case
  int64_t activity_bins = 0;      // quantiles of users by their number of training ratings; 0: none
  std::optional<double>
      positive_from;  // a held-out rating below is not relevant; none: every rating is (set from `dataset`)

  void describe(Parameters& parameters);
  bool wants(Metric metric) const { return std::find(metrics.begin(), metrics.end(), metric) != metrics.end(); }
  // Whether any metric is one of recommendation lists, not of predicted ratings.
  bool wants_lists() const {
    return std::any_of(metrics.begin(), metrics.end(),
                       [](Metric metric) { return metric != Metric::kRmse && metric != Metric::kMae; });
  }
};

}  // namespace matinee::engine
