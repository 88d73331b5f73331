#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/evaluation/options.h"

namespace matinee::engine {

// The names under which an evaluation writes its numbers. What measures and what refers to a number by its name (gates,
// claims) both have them from here.

// "ndcg@10": a metric of lists of this length.
std::string at_length(std::string_view metric, int64_t length);

// "novelty", or "novelty_log_popularity" where lower is more novel.
std::string_view novelty_metric(NoveltyKind kind);

// Whether lists of this length have pairs of items, which ils is the mean over.
constexpr bool has_pairs(int64_t length) {
  return length > 1;
}

// What is measured besides, against every unseen item, of models that choose from candidates: the share of relevant
// held-out items that are among them, over all items and as a mean over users.
inline constexpr std::array<std::string_view, 2> kCandidateMetrics = {"candidate_recall", "candidate_recall_macro"};

// Every number that these options ask for, by kind of candidates.
struct MetricNames {
  std::vector<std::string> all;      // against every unseen item
  std::vector<std::string> sampled;  // against a sample, where there is one
  std::vector<std::string> ratings;  // of models that predict ratings
};
MetricNames metric_names(const EvaluationOptions& options);

}  // namespace matinee::engine
