#include "engine/evaluation/fold_measurement.h"

#include <algorithm>

#include "engine/evaluation/activity_bins.h"
#include "engine/evaluation/list_metrics.h"
#include "engine/evaluation/metric_names.h"

namespace matinee::engine {
namespace {

RankingMeasurement pool_rankings(std::span<const FoldMeasurement> folds) {
  RankingMeasurement pooled = *folds[0].ranking;
  std::vector<std::map<std::string, double>> list_metrics = {pooled.list_metrics};
  std::vector<std::vector<ActivityBin>> bins = {pooled.bins};
  for (const FoldMeasurement& fold : folds.subspan(1)) {
    const RankingMeasurement& other = *fold.ranking;
    pooled.users_left_out += other.users_left_out;
    for (std::size_t length = 0; length < pooled.totals.size(); ++length)
      pooled.totals[length].add(other.totals[length]);
    list_metrics.push_back(other.list_metrics);
    bins.push_back(other.bins);
    if (pooled.candidates) pooled.candidates->add(*other.candidates);
    if (pooled.sampled.size() != other.sampled.size()) pooled.sampled.clear();  // only some folds have lists
    for (std::size_t source = 0; source < pooled.sampled.size(); ++source) {
      SampledMeasurement& sampled = pooled.sampled[source];
      if (sampled.source != other.sampled[source].source) sampled.source = "one file per fold";
      if (sampled.sha256 != other.sampled[source].sha256) sampled.sha256.clear();
      sampled.negatives = std::max(sampled.negatives, other.sampled[source].negatives);
      sampled.dropped += other.sampled[source].dropped;
      sampled.totals.add(other.sampled[source].totals);
    }
  }
  pooled.list_metrics = mean_over_folds(list_metrics);
  pooled.bins = pool_bins(bins);
  return pooled;
}

// What goes for every ranking, all candidates or sampled.
void state_gain(const EvaluationOptions& options, Protocol& protocol) {
  protocol.emplace_back("gain", "binary");
  if (options.positive_from) {
    protocol.emplace_back("positive_from", *options.positive_from);
  } else {
    protocol.emplace_back("positive_from", "every rating");
  }
}

void state_fold(const std::optional<ProtocolValue>& fold, const char* pooling, Protocol& protocol) {
  if (!fold) return;
  protocol.emplace_back("fold", *fold);
  if (std::holds_alternative<std::string>(*fold)) protocol.emplace_back("pooling", pooling);
}

// What can be found at all where a model chooses from candidates, and where the other items rank.
void state_candidates(const CandidateRecall& recall, Protocol& protocol) {
  protocol.emplace_back(std::string(kCandidateKeys[0]), recall.most);
  protocol.emplace_back(std::string(kCandidateKeys[1]),
                        static_cast<double>(recall.candidates) / static_cast<double>(recall.users));
  protocol.emplace_back(std::string(kCandidateKeys[2]),
                        "left out of lists; against sampled items, after every candidate and tied with each other");
}

Evaluation report_all(const RankingMeasurement& measured, const EvaluationOptions& options,
                      const std::optional<ProtocolValue>& fold) {
  Evaluation all{{{"candidates", "all"}, {"candidate_items", "unseen_items"}}, measured.list_metrics};
  all.protocol.emplace_back("users", measured.totals[0].users);
  all.protocol.emplace_back("users_left_out", measured.users_left_out);
  all.protocol.emplace_back("held_out_items", measured.totals[0].relevant);
  all.protocol.emplace_back("ties", "the smaller item index first");
  all.protocol.emplace_back("averaging",
                            "precision and recall micro, their _macro over users; hit_rate and ndcg over users");
  state_gain(options, all.protocol);
  if (options.wants(Metric::kCoverage)) all.protocol.emplace_back("coverage", "of items with training ratings");
  if (options.wants(Metric::kNovelty)) {
    all.protocol.emplace_back("novelty", std::string(name_of(options.novelty)));
    if (options.novelty != NoveltyKind::kLogPopularity) {
      all.protocol.emplace_back("novelty_of_unrated_items", "as if rated once");
    }
  }
  if (options.wants(Metric::kIls)) {
    all.protocol.emplace_back("ils_similarity", std::string(name_of(options.ils_similarity)));
  }
  state_fold(fold, "sums over users; coverage, novelty and ils are means over folds", all.protocol);
  if (measured.candidates) {
    const CandidateRecall& recall = *measured.candidates;
    state_candidates(recall, all.protocol);
    all.metrics[std::string(kCandidateMetrics[0])] =
        static_cast<double>(recall.found) / static_cast<double>(recall.relevant);
    all.metrics[std::string(kCandidateMetrics[1])] = recall.user_share / static_cast<double>(recall.users);
  }
  for (std::size_t length = 0; length < options.top_n.size(); ++length) {
    measured.totals[length].report(options.top_n[length], options, all.metrics);
  }
  return all;
}

// The users of one quantile of activity.
Evaluation report_bin(const ActivityBin& bin, const EvaluationOptions& options,
                      const std::optional<ProtocolValue>& fold) {
  Evaluation evaluation{{{"candidates", "all"}, {"candidate_items", "unseen_items"}}, bin.list_metrics};
  Protocol& protocol = evaluation.protocol;
  protocol.emplace_back("activity_reading", "quantile");
  protocol.emplace_back(std::string(kActivityBin), bin.number);
  protocol.emplace_back("activity_bins", options.activity_bins);
  protocol.emplace_back("ratings_from", bin.from);
  protocol.emplace_back("ratings_to", bin.to);
  protocol.emplace_back("users", bin.totals[0].users);
  protocol.emplace_back("held_out_items", bin.totals[0].relevant);
  state_gain(options, protocol);
  if (options.wants(Metric::kIls))
    protocol.emplace_back("ils_similarity", std::string(name_of(options.ils_similarity)));
  state_fold(fold, "sums over users; coverage, novelty and ils are means over folds", protocol);
  for (std::size_t length = 0; length < options.top_n.size(); ++length) {
    bin.totals[length].report(options.top_n[length], options, evaluation.metrics);
  }
  return evaluation;
}

Evaluation report_sampled(const RankingMeasurement& measured, const SampledMeasurement& sampled,
                          const EvaluationOptions& options, uint64_t seed, const std::optional<ProtocolValue>& fold) {
  Evaluation evaluation{{{"candidates", "sampled"}, {"source", sampled.source}}, {}};
  Protocol& protocol = evaluation.protocol;
  if (!sampled.sha256.empty()) protocol.emplace_back("sha256", sampled.sha256);
  if (sampled.source == "drawn") protocol.emplace_back("seed", static_cast<int64_t>(seed));
  protocol.emplace_back("negatives", sampled.negatives);
  protocol.emplace_back("dropped", sampled.dropped);
  protocol.emplace_back("users", sampled.totals.users);
  protocol.emplace_back("users_left_out", measured.users_left_out + measured.totals[0].users - sampled.totals.users);
  protocol.emplace_back("held_out_items", sampled.totals.held_out);
  protocol.emplace_back("ties", "the held-out item loses");
  protocol.emplace_back("averaging", "over held-out items, each ranked on its own");
  state_gain(options, protocol);
  state_fold(fold, "sums over held-out items", protocol);
  if (measured.candidates) state_candidates(*measured.candidates, protocol);
  sampled.totals.report(options.top_n, options, evaluation.metrics);
  return evaluation;
}

Evaluation report_ratings(const RatingTotals& totals, const EvaluationOptions& options, const RatingGrid& grid,
                          const std::optional<ProtocolValue>& fold) {
  Evaluation evaluation{{{"candidates", "ratings"}, {"ratings", totals.ratings}}, {}};
  evaluation.protocol.emplace_back("clip_minimum", grid.minimum());
  evaluation.protocol.emplace_back("clip_maximum", grid.maximum());
  evaluation.protocol.emplace_back("averaging", "over ratings");
  state_fold(fold, "sums over ratings", evaluation.protocol);
  totals.report(options, evaluation.metrics);
  return evaluation;
}

}  // namespace

FoldMeasurement pool(std::span<const FoldMeasurement> folds) {
  FoldMeasurement pooled;
  if (folds[0].ranking) pooled.ranking = pool_rankings(folds);
  for (const FoldMeasurement& fold : folds) {
    if (!fold.ratings) continue;
    if (!pooled.ratings) pooled.ratings.emplace();
    pooled.ratings->add(*fold.ratings);
  }
  return pooled;
}

std::vector<Evaluation> report(const FoldMeasurement& measured, const EvaluationOptions& options,
                               const RatingGrid& grid, uint64_t seed, const std::optional<ProtocolValue>& fold) {
  std::vector<Evaluation> evaluations;
  if (measured.ranking) {
    evaluations.push_back(report_all(*measured.ranking, options, fold));
    for (const SampledMeasurement& sampled : measured.ranking->sampled) {
      evaluations.push_back(report_sampled(*measured.ranking, sampled, options, seed, fold));
    }
  }
  if (measured.ranking) {
    for (const ActivityBin& bin : measured.ranking->bins) evaluations.push_back(report_bin(bin, options, fold));
  }
  if (measured.ratings) evaluations.push_back(report_ratings(*measured.ratings, options, grid, fold));
  return evaluations;
}

}  // namespace matinee::engine
