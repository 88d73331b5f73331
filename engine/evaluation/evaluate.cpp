#include "engine/evaluation/evaluate.h"

#include <algorithm>
#include <functional>
#include <iterator>

#include "engine/evaluation/fold_measurement.h"
#include "engine/evaluation/fold_statistics.h"
#include "engine/evaluation/interaction_similarity.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

bool predicts(const EvaluatedFold& fold, const EvaluationOptions& options) {
  return fold.model->predicts_ratings() && (options.wants(Metric::kRmse) || options.wants(Metric::kMae));
}

void require_held_out(const EvaluatedFold& fold, int64_t number) {
  if (fold.fold->test.size() > 0) return;
  fail(ErrorKind::kInput,
       "nothing can be evaluated: fold {} holds no rating out; set dataset.split to a kind that does, such as "
       "\"leave_last_out\"",
       number);
}

void require_users(const HeldOut& held_out, const EvaluationOptions& options, int64_t number) {
  if (!held_out.users.empty()) return;
  fail(
      ErrorKind::kInput,
      "nothing can be ranked: none of the {} held-out ratings of fold {} is {} or more; lower dataset.positive_from or "
      "hold more ratings out with dataset.split",
      held_out.tested.size(), number, options.positive_from.value_or(0));
}

void require_listed_users(const RankingMeasurement& ranking, int64_t number) {
  for (const SampledMeasurement& sampled : ranking.sampled) {
    if (sampled.totals.held_out > 0) continue;
    fail(ErrorKind::kInput,
         "{}: none of its users has a relevant held-out item in fold {}; give the negatives that belong to the test "
         "ratings, or lower dataset.positive_from",
         sampled.source, number);
  }
}

// Reports parts of one measurement as users done of users in all, which have the same users: one for each fold and
// model.
class FoldProgress {
 public:
  FoldProgress(const std::function<void(double, double)>& progress, int64_t measurements)
      : progress_(progress), measurements_(static_cast<double>(measurements)) {}

  void begin(const EvaluatedFold& fold, const EvaluationOptions& options) {
    const int passes = (options.wants_lists() ? 1 : 0) + (predicts(fold, options) ? 1 : 0);
    total_ = measurements_ * passes * fold.fold->test.user_count;
  }

  // Of one pass over the users of a fold.
  std::function<void(double share)> pass(const EvaluatedFold& fold) {
    const double before = done_, users = fold.fold->test.user_count;
    done_ += users;
    return [this, before, users](double share) {
      if (progress_) progress_(before + share * users, total_);
    };
  }

 private:
  const std::function<void(double, double)>& progress_;
  double measurements_, done_ = 0, total_ = 0;
};

FoldMeasurement measure(Context& context, const EvaluatedFold& fold, const EvaluationOptions& options, uint64_t seed,
                        int64_t number, FoldProgress& progress) {
  require_held_out(fold, number);
  progress.begin(fold, options);
  FoldMeasurement measured;
  if (options.wants_lists()) {
    const HeldOut held_out = held_out_of(*fold.fold, options.positive_from);
    require_users(held_out, options, number);
    const RankingJob job{fold, &held_out, &options, seed, number - 1};
    measured.ranking = measure_ranking(context, job, progress.pass(fold));
    require_listed_users(*measured.ranking, number);
  }
  if (predicts(fold, options)) {
    measured.ratings = measure_ratings(context, *fold.model, *fold.fold, progress.pass(fold));
  }
  return measured;
}

// How far the values of single folds, which `folds` has one after the other, lie from their mean.
void add_deviations(const std::vector<Evaluation>& folds, std::vector<Evaluation>& pooled) {
  if (folds.size() % pooled.size() != 0) return;  // only some folds have sampled lists
  for (std::size_t kind = 0; kind < pooled.size(); ++kind) {
    for (const auto& metric : pooled[kind].metrics) {
      std::vector<double> values;
      for (std::size_t fold = kind; fold < folds.size(); fold += pooled.size()) {
        values.push_back(folds[fold].metrics.at(metric.first));
      }
      pooled[kind].deviations[metric.first] = fold_statistics(values).deviation;
    }
  }
}

}  // namespace

std::vector<std::vector<Evaluation>> evaluate_each(Context& context, int64_t count, int64_t folds,
                                                   const std::function<EvaluatedModels(int64_t number)>& load,
                                                   const EvaluationOptions& given, uint64_t seed,
                                                   const std::function<void(double done, double total)>& progress) {
  if (folds == 0) {
    fail(ErrorKind::kInput, "nothing can be evaluated: the data are not split; set dataset.split");
  }
  EvaluationOptions options = given;
  std::sort(options.top_n.begin(), options.top_n.end());
  FoldProgress fold_progress(progress, folds * count);
  std::vector<std::vector<FoldMeasurement>> measured(static_cast<std::size_t>(count));
  std::vector<std::vector<Evaluation>> evaluations(measured.size());
  RatingGrid grid;
  for (int64_t number = 1; number <= folds; ++number) {
    const EvaluatedModels loaded = load(number - 1);
    grid = loaded.fold->test.grid;
    for (std::size_t model = 0; model < measured.size(); ++model) {
      const EvaluatedFold fold{loaded.models[model], loaded.fold};
      measured[model].push_back(measure(context, fold, options, seed, number, fold_progress));
      const auto named = folds > 1 ? std::optional<ProtocolValue>(number) : std::nullopt;
      std::ranges::move(report(measured[model].back(), options, grid, seed, named),
                        std::back_inserter(evaluations[model]));
    }
  }
  for (std::size_t model = 0; model < measured.size() && folds > 1; ++model) {
    std::vector<Evaluation> pooled = report(pool(measured[model]), options, grid, seed, ProtocolValue("pooled"));
    add_deviations(evaluations[model], pooled);
    std::ranges::move(pooled, std::back_inserter(evaluations[model]));
  }
  return evaluations;
}

std::vector<Evaluation> evaluate(Context& context, int64_t folds, const FoldLoader& load,
                                 const EvaluationOptions& options, uint64_t seed,
                                 const std::function<void(double done, double total)>& progress) {
  const auto load_one = [&](int64_t number) {
    const EvaluatedFold fold = load(number);
    return EvaluatedModels{{fold.model}, fold.fold};
  };
  return std::move(evaluate_each(context, 1, folds, load_one, options, seed, progress).front());
}

std::vector<Evaluation> evaluate(Context& context, std::span<const EvaluatedFold> folds,
                                 const EvaluationOptions& options, uint64_t seed,
                                 const std::function<void(double done, double total)>& progress) {
  const auto load = [&](int64_t number) { return folds[static_cast<std::size_t>(number)]; };
  return evaluate(context, static_cast<int64_t>(folds.size()), load, options, seed, progress);
}

bool of_all_users(const Evaluation& evaluation) {
  return std::ranges::none_of(evaluation.protocol, [](const auto& entry) { return entry.first == kActivityBin; });
}

bool larger_is_better(std::string_view metric) {
  constexpr std::string_view kSmallerIsBetter[] = {"rmse", "rmse_unclipped",         "mae",       "mae_unclipped",
                                                   "ils",  "novelty_log_popularity", "tied_share"};
  const std::string_view name = metric.substr(0, metric.find('@'));
  return std::find(std::begin(kSmallerIsBetter), std::end(kSmallerIsBetter), name) == std::end(kSmallerIsBetter);
}

int64_t evaluation_bytes(const DataShape& shape, const EvaluationOptions& options, int threads) {
  constexpr int64_t kSparseEntry = 5;          // bytes of a rating in SparseRatings
  const int64_t held_out = shape.ratings / 4;  // as where a fifth of all ratings is held out
  const int64_t rows = (shape.users + 1) * 8;
  int64_t bytes = options.wants(Metric::kRmse) || options.wants(Metric::kMae) ? kRatingBlock * 4 : 0;
  if (!options.wants_lists()) return bytes;
  const int64_t block_user = block_bytes_per_user(shape.items, options);
  bytes += std::max(block_user, std::min(kBlockBytes, block_user * shape.users));
  bytes += 2 * (held_out * kSparseEntry + rows) + held_out * (kSparseEntry + 9);  // tested, relevant, their making
  bytes += shape.users * 4 + shape.items * (8 + 8 + static_cast<int64_t>(options.top_n.size()));
  bytes += options.activity_bins * static_cast<int64_t>(options.top_n.size()) * shape.items / 8;
  if (options.wants(Metric::kIls)) {
    bytes += shape.ratings * (kSparseEntry + 4) + shape.items * 24 + threads * InteractionSimilarity::kCacheBytes;
  }
  return bytes;
}

}  // namespace matinee::engine
