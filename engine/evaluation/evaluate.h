#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/data/split.h"
#include "engine/evaluation/options.h"
#include "engine/model.h"

namespace matinee::engine {

// How a number was come by: key -> value, in the order of reading. Always there: "candidates" ("all", "sampled",
// "ratings"), "fold" (1, 2 … or "pooled") where there are several.
using ProtocolValue = std::variant<std::string, int64_t, double, bool>;
using Protocol = std::vector<std::pair<std::string, ProtocolValue>>;

// One protocol and the numbers measured under it: "hit_rate@10" -> 0.7. All finite.
struct Evaluation {
  Protocol protocol;
  std::map<std::string, double> metrics;
  std::map<std::string, double> deviations = {};  // of pooled folds: sample standard deviation of each fold's value
};

// The key of a protocol that is about the users of one quantile of activity: 1, 2 …. Such evaluations stand beside
// those of all users.
inline constexpr std::string_view kActivityBin = "activity_bin";
bool of_all_users(const Evaluation& evaluation);

// Keys that a model adds to a protocol which chooses from candidates of its own: how many each source gave a user at
// most, how many a user has on average, where other items rank.
inline constexpr std::array<std::string_view, 3> kCandidateKeys = {"candidate_sources_most", "candidates_per_user",
                                                                   "non_candidates"};

// A trained model and the fold whose test ratings it has not seen.
struct EvaluatedFold {
  const Model* model;
  const Fold* fold;
};

// Gives fold `number` (0, 1, …), which is used until the next one is asked for: one fold in memory at a time.
using FoldLoader = std::function<EvaluatedFold(int64_t number)>;

// Measures a model over its folds: for each fold, and pooled over folds where there are several, one Evaluation for
// each kind of candidates that applies. Parallel over users; memory O(users + block × items), the same numbers for any
// number of threads. A NaN score is Error(kDiverged) naming user and item. `progress(done, total)` counts users.
std::vector<Evaluation> evaluate(Context& context, int64_t folds, const FoldLoader& load,
                                 const EvaluationOptions& options, uint64_t seed,
                                 const std::function<void(double done, double total)>& progress);

// Several models that are measured side by side, and the fold whose test ratings they have not seen.
struct EvaluatedModels {
  std::vector<const Model*> models;
  const Fold* fold;
};

// The same of `count` models, whose folds are asked for once: evaluations of each, in their order.
std::vector<std::vector<Evaluation>> evaluate_each(Context& context, int64_t count, int64_t folds,
                                                   const std::function<EvaluatedModels(int64_t number)>& load,
                                                   const EvaluationOptions& options, uint64_t seed,
                                                   const std::function<void(double done, double total)>& progress);

// The same of folds that are all there.
std::vector<Evaluation> evaluate(Context& context, std::span<const EvaluatedFold> folds,
                                 const EvaluationOptions& options, uint64_t seed,
                                 const std::function<void(double done, double total)>& progress);

// Whether a larger value of the metric ("rmse", "ndcg@10") is better.
bool larger_is_better(std::string_view metric);

// Bytes of host memory that evaluate() needs beside models and ratings.
int64_t evaluation_bytes(const DataShape& shape, const EvaluationOptions& options, int threads);

}  // namespace matinee::engine
