#include "engine/evaluation/measure_ranking.h"

#include <algorithm>
#include <memory>

#include "engine/evaluation/activity_bins.h"
#include "engine/evaluation/list_metrics.h"
#include "engine/rank_unseen.h"
#include "kernels/support/buffer.h"
#include "kernels/support/keep_operands.h"

namespace matinee::engine {
namespace {

constexpr int64_t kUsersPerTask = 4;

bool wants_sampled(const EvaluationOptions& options) {
  return options.wants(Metric::kHitRate) || options.wants(Metric::kNdcg);
}

// Where the negatives of one sampled ranking come from.
class NegativeSource {
 public:
  // The lists of a file.
  explicit NegativeSource(const CandidateLists& lists) : lists_(&lists) {}
  // Drawn for each user.
  explicit NegativeSource(const RankingJob& job) : job_(&job) {}

  // Negatives of a user; nothing for a user whom the file does not list.
  std::optional<std::vector<int32_t>> of(int32_t user) const {
    if (lists_ == nullptr) return drawn(user);
    const auto found = std::lower_bound(lists_->users.begin(), lists_->users.end(), user);
    if (found == lists_->users.end() || *found != user) return std::nullopt;
    const auto row = static_cast<std::size_t>(found - lists_->users.begin());
    return std::vector<int32_t>(lists_->items.begin() + lists_->offsets[row],
                                lists_->items.begin() + lists_->offsets[row + 1]);
  }

 private:
  std::vector<int32_t> drawn(int32_t user) const {
    const SparseView train = job_->evaluated.fold->train.view(), tested = job_->held_out->tested.view();
    const uint64_t part =
        static_cast<uint64_t>(job_->fold) * static_cast<uint64_t>(train.rows) + static_cast<uint64_t>(user);
    const Philox draws(job_->seed, stream_id(RandomStream::kSampledRanking, part));
    return draw_negatives(train.row_indices(user), tested.row_indices(user), train.columns,
                          job_->options->sampled_negatives, draws);
  }

  const CandidateLists* lists_ = nullptr;
  const RankingJob* job_ = nullptr;
};

// What is found out about one user, before it is added up.
struct UserSlots {
  std::vector<UserRanking> rankings;                         // (users, lengths)
  std::vector<UserList> lists;                               // (users, lengths)
  std::vector<std::vector<std::vector<SampledRank>>> ranks;  // per source, per user, per held-out item
  std::vector<std::vector<int64_t>> negatives;               // per source, per user: -1 where the user is not listed
};

// None where the model chooses from all items.
std::optional<CandidateRecall> candidate_recall(const RankingJob& job) {
  const CandidateSets* sets = job.evaluated.model->candidates();
  if (sets == nullptr) return std::nullopt;
  CandidateRecall recall;
  recall.most = sets->most;
  for (const int32_t user : job.held_out->users) {
    const auto relevant = job.held_out->relevant.view().row_indices(user);
    const auto candidates = sets->of(user);
    const auto found =
        std::ranges::count_if(relevant, [&](int32_t item) { return std::ranges::binary_search(candidates, item); });
    ++recall.users;
    recall.found += found;
    recall.relevant += static_cast<int64_t>(relevant.size());
    recall.candidates += static_cast<int64_t>(candidates.size());
    recall.user_share += static_cast<double>(found) / static_cast<double>(relevant.size());
  }
  return recall;
}

// One pass over the evaluated users of a fold.
class RankingPass {
 public:
  RankingPass(Context& context, const RankingJob& job)
      : context_(context),
        job_(job),
        lengths_(job.options->top_n),
        train_(job.evaluated.fold->train.view()),
        popularity_(train_),
        novelty_(novelty_of_items(popularity_, job.options->novelty)),
        totals_(lengths_.size()),
        bin_totals_(train_, job.held_out->users, job.options->activity_bins, lengths_.size()),
        list_totals_(lengths_.size(), ListTotals(train_.columns)) {
    if (job.options->wants(Metric::kIls)) {
      similarity_ = std::make_unique<InteractionSimilarity>(job.evaluated.fold->train, job.options->ils_similarity);
      caches_.assign(static_cast<std::size_t>(context.threads()), InteractionSimilarity::Cache(*similarity_));
    }
    add_sources();
    const auto users = static_cast<int64_t>(job.held_out->users.size());
    rows_ = std::clamp<int64_t>(kBlockBytes / block_bytes_per_user(train_.columns, *job.options), 1, users);
    scores_ = Buffer<float>(rows_ * train_.columns);
    best_.resize(static_cast<std::size_t>(rows_ * lengths_.back()));
    slots_.rankings.resize(static_cast<std::size_t>(rows_) * lengths_.size());
    slots_.lists.resize(static_cast<std::size_t>(rows_) * lengths_.size());
    slots_.ranks.assign(sources_.size(), std::vector<std::vector<SampledRank>>(static_cast<std::size_t>(rows_)));
    slots_.negatives.assign(sources_.size(), std::vector<int64_t>(static_cast<std::size_t>(rows_)));
  }

  RankingMeasurement run(const std::function<void(double share)>& progress) {
    const auto users = static_cast<int64_t>(job_.held_out->users.size());
    const KeepOperands kept(context_);
    for (int64_t begin = 0; begin < users; begin += rows_) {
      const int64_t count = std::min(rows_, users - begin);
      measure_block(
          std::span(job_.held_out->users).subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(count)));
      for (int64_t row = 0; row < count; ++row) add_user(static_cast<std::size_t>(row), begin + row);
      progress(static_cast<double>(begin + count) / static_cast<double>(users));
    }
    RankingMeasurement measured{train_.rows - users,
                                std::move(totals_),
                                {},
                                std::move(sampled_),
                                bin_totals_.finish(lengths_, popularity_, *job_.options),
                                candidate_recall(job_)};
    for (std::size_t length = 0; length < lengths_.size(); ++length) {
      list_totals_[length].report(lengths_[length], popularity_, *job_.options, measured.list_metrics);
    }
    return measured;
  }

 private:
  void add_sources() {
    if (!wants_sampled(*job_.options)) return;
    if (const auto& lists = job_.evaluated.fold->sampled) {
      sources_.emplace_back(*lists);
      sampled_.push_back({lists->source, lists->sha256, 0, lists->dropped, SampledTotals(lengths_.size())});
    }
    if (job_.options->sampled_negatives > 0) {
      sources_.emplace_back(job_);
      sampled_.push_back({"drawn", "", 0, 0, SampledTotals(lengths_.size())});
    }
  }

  void measure_block(std::span<const int32_t> users) {
    const auto count = static_cast<int64_t>(users.size());
    const MatrixView<float> scores{scores_.data(), count, train_.columns, train_.columns};
    const MatrixView<ranking::RankedItem> best{best_.data(), count, lengths_.back(), lengths_.back()};
    const History history{train_, job_.evaluated.fold->test.grid};
    // Scores that nobody else reads stay on the device.
    const bool read_again = !sources_.empty() || !context_.on_cuda();
    rank_unseen(context_, *job_.evaluated.model, history, users, best, read_again ? scores : MatrixView<float>{});
    parallel_blocks(context_, count, kUsersPerTask, [&](int64_t begin, int64_t end, int worker) {
      for (int64_t row = begin; row < end; ++row) {
        const int32_t user = users[static_cast<std::size_t>(row)];
        measure_lists(row, user, best.row(row), worker);
        for (std::size_t source = 0; source < sources_.size(); ++source) {
          measure_sampled(source, row, user, scores.row(row));
        }
      }
    });
  }

  void measure_lists(int64_t row, int32_t user, const ranking::RankedItem* best, int worker) {
    const auto first = static_cast<std::size_t>(row) * lengths_.size();
    const auto relevant = job_.held_out->relevant.view().row_indices(user);
    for (std::size_t length = 0; length < lengths_.size(); ++length) {
      slots_.rankings[first + length] = rank_list({best, static_cast<std::size_t>(lengths_[length])}, relevant);
    }
    InteractionSimilarity::Cache* cache = similarity_ ? &caches_[static_cast<std::size_t>(worker)] : nullptr;
    describe_prefixes({best, static_cast<std::size_t>(lengths_.back())}, lengths_, novelty_, cache,
                      std::span(slots_.lists).subspan(first, lengths_.size()));
  }

  void measure_sampled(std::size_t source, int64_t row, int32_t user, const float* scores) {
    auto& ranks = slots_.ranks[source][static_cast<std::size_t>(row)];
    ranks.clear();
    const auto negatives = sources_[source].of(user);
    slots_.negatives[source][static_cast<std::size_t>(row)] = negatives ? static_cast<int64_t>(negatives->size()) : -1;
    if (!negatives) return;
    for (const int32_t item : job_.held_out->relevant.view().row_indices(user)) {
      ranks.push_back(rank_against(scores, item, *negatives, user));
    }
  }

  // `place`: among the evaluated users.
  void add_user(std::size_t row, int64_t place) {
    const std::span best = std::span(best_).subspan(row * static_cast<std::size_t>(lengths_.back()));
    for (std::size_t length = 0; length < lengths_.size(); ++length) {
      totals_[length].add(slots_.rankings[row * lengths_.size() + length]);
      const auto list = best.first(static_cast<std::size_t>(lengths_[length]));
      list_totals_[length].add(list, slots_.lists[row * lengths_.size() + length]);
      bin_totals_.add(static_cast<std::size_t>(place), length, slots_.rankings[row * lengths_.size() + length], list,
                      slots_.lists[row * lengths_.size() + length]);
    }
    for (std::size_t source = 0; source < sources_.size(); ++source) {
      if (slots_.negatives[source][row] < 0) continue;
      sampled_[source].negatives = std::max(sampled_[source].negatives, slots_.negatives[source][row]);
      sampled_[source].totals.add_user(slots_.ranks[source][row], lengths_);
    }
  }

  Context& context_;
  const RankingJob& job_;
  const std::vector<int64_t>& lengths_;  // rising
  SparseView train_;
  TrainingPopularity popularity_;
  std::vector<double> novelty_;  // (items)
  std::unique_ptr<InteractionSimilarity> similarity_;
  std::vector<InteractionSimilarity::Cache> caches_;  // per thread
  std::vector<NegativeSource> sources_;

  int64_t rows_ = 0;                       // users in a block
  Buffer<float> scores_;                   // (rows, items)
  std::vector<ranking::RankedItem> best_;  // (rows, longest list)
  UserSlots slots_;

  std::vector<RankingTotals> totals_;
  BinTotals bin_totals_;
  std::vector<ListTotals> list_totals_;
  std::vector<SampledMeasurement> sampled_;
};

}  // namespace

void CandidateRecall::add(const CandidateRecall& fold) {
  users += fold.users;
  found += fold.found;
  relevant += fold.relevant;
  candidates += fold.candidates;
  user_share += fold.user_share;
}

int64_t block_bytes_per_user(int64_t items, const EvaluationOptions& options) {
  const auto lengths = static_cast<int64_t>(options.top_n.size());
  const int64_t longest = *std::max_element(options.top_n.begin(), options.top_n.end());
  return items * static_cast<int64_t>(sizeof(float)) + longest * static_cast<int64_t>(sizeof(ranking::RankedItem)) +
         lengths * static_cast<int64_t>(sizeof(UserRanking) + sizeof(UserList)) + 256;
}

RankingMeasurement measure_ranking(Context& context, const RankingJob& job,
                                   const std::function<void(double share)>& progress) {
  return RankingPass(context, job).run(progress);
}

}  // namespace matinee::engine
