#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/evaluation/evaluate.h"
#include "engine/evaluation/held_out.h"
#include "engine/evaluation/ranking_metrics.h"
#include "engine/evaluation/sampled_ranking.h"

namespace matinee::engine {

// Ranking against sampled items only.
struct SampledMeasurement {
  std::string source;     // the file, or "drawn"
  std::string sha256;     // of the file; empty where they were drawn
  int64_t negatives = 0;  // in the longest list
  int64_t dropped = 0;    // listed negatives that were the held-out item
  SampledTotals totals;
};

// The evaluated users whose training ratings number `from` to `to`: a quantile of activity (math.md §8).
struct ActivityBin {
  int64_t number = 0;  // 1 is the least active
  int64_t from = 0, to = 0;
  std::vector<RankingTotals> totals;           // per list length
  std::map<std::string, double> list_metrics;  // coverage, novelty, ils
};

// Of a model that chooses from candidates: what of the relevant held-out items is among them.
struct CandidateRecall {
  int64_t users = 0, found = 0, relevant = 0, candidates = 0;
  int64_t most = 0;       // that each source gave a user at most
  double user_share = 0;  // Σ over users of found / relevant

  void add(const CandidateRecall& fold);
};

// What the lists of one fold's evaluated users are worth.
struct RankingMeasurement {
  int64_t users_left_out = 0;                  // without a relevant held-out item
  std::vector<RankingTotals> totals;           // per list length
  std::map<std::string, double> list_metrics;  // coverage, novelty, ils
  std::vector<SampledMeasurement> sampled;     // the fold's own lists, then drawn ones
  std::vector<ActivityBin> bins;               // rising; without those that have no user
  std::optional<CandidateRecall> candidates;
};

struct RankingJob {
  EvaluatedFold evaluated;
  const HeldOut* held_out;           // with at least one user
  const EvaluationOptions* options;  // top_n rises
  uint64_t seed;
  int64_t fold;  // 0, 1 …: drawn negatives differ from fold to fold
};

// Scores the users in blocks of about kBlockBytes, each user for all items. Error(kDiverged) naming user and item of a
// NaN score.
RankingMeasurement measure_ranking(Context& context, const RankingJob& job,
                                   const std::function<void(double share)>& progress);

inline constexpr int64_t kBlockBytes = int64_t{32} << 20;
// Bytes that one user takes in a block.
int64_t block_bytes_per_user(int64_t items, const EvaluationOptions& options);

}  // namespace matinee::engine
