#include "engine/models/sgd_training.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <optional>
#include <vector>

#include "kernels/factorization/pair_epoch.h"
#include "kernels/factorization/squared_error.h"
#include "kernels/factorization/squared_norm.h"
#include "kernels/support/error.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

// Errors so many times the range of the ratings come from factors that grow without bound.
constexpr double kDivergedRanges = 100;

class SgdTraining {
 public:
  // `validation`: ratings that early stopping looks at; empty: it is not wanted.
  SgdTraining(Context& context, const TrainingInput& input, SparseView validation, const SgdOptions& options,
              const SgdTask& task, TrainingMonitor& monitor, FactorState& state)
      : context_(context),
        options_(options),
        task_(task),
        monitor_(monitor),
        state_(state),
        seed_(input.seed),
        by_user_(input.by_user),
        examples_(input.by_user.size() * (task.sampling ? task.sampling->examples_per_rating() : 1)),
        groups_(factorization::RatingBlocks::default_groups(examples_)),
        user_shares_(shares(input.by_user)),
        item_shares_(shares(input.by_item)),
        objective_(task.objective) {
    if (!task.sampling) {
      blocks_ = std::make_unique<factorization::RatingBlocks>(context, by_user_, task.values, groups_, seed_,
                                                              factorization::RatingBlocks::default_parts(examples_));
    }
    if (validation.size() > 0) {
      validation_ = std::make_unique<factorization::RatingBlocks>(
          context, validation, task.values, factorization::RatingBlocks::default_groups(validation.size()), seed_);
      rating_range_ =
          task.objective.link == factorization::Link::kIdentity ? 1 : input.grid.maximum() - input.grid.minimum();
    }
    if (task.penalty_once_per_rating) return;
    objective_.user_shares = user_shares_.data();
    objective_.item_shares = item_shares_.data();
  }

  void restore(const TensorFile& file) {
    state_.read_numbers(file);
    position_ = file.vector<int64_t>("position");
    squares_ = file.get<double>("squared_errors", {1})[0];
    best_.load(file, state_);
    if (task_.variances != nullptr) {
      const auto numbers = file.get<double>("variances", {4});
      *task_.variances = {numbers[0], numbers[1], numbers[2], numbers[3]};
    }
    if (position_.size() != 2 || position_[1] < 0 || position_[1] >= groups_) {
      fail(ErrorKind::kArtifact, "{}: not a checkpoint of this training: remove it", file.path().string());
    }
  }

  void run() {
    follow_variances();
    if (!task_.sampling) hold_operands();
    while (epoch() < options_.epochs) {
      run_epoch();
      finish_epoch();
      follow_variances();
      ++epoch();
      strata_done() = 0;
      squares_ = 0;
      if (validation_ && no_longer_better()) break;
      if (epoch() < options_.epochs) offer_checkpoint();
    }
    operands_->fetch(context_);
    best_.put_back(state_);
  }

 private:
  // Up to eight calls an epoch: often enough to tell of progress and to stop, with work for many cores in between.
  int64_t strata_per_call() const { return std::max(1, groups_ / 8); }

  int64_t& epoch() { return position_[0]; }
  int64_t& strata_done() { return position_[1]; }

  // 1 / n of each row with n ratings; empty where all are 1.
  Buffer<float> shares(SparseView rows) const {
    if (task_.penalty_once_per_rating) return {};
    Buffer<float> result(rows.rows);
    for (int32_t row = 0; row < rows.rows; ++row) {
      const int64_t count = rows.row_size(row);
      result[row] = count == 0 ? 1.0f : 1.0f / static_cast<float>(count);
    }
    return result;
  }

  double learning_rate() { return options_.rate_of_epoch(epoch()); }

  uint64_t rounding_key() {
    return Philox(seed_, stream_id(RandomStream::kRounding)).bits(static_cast<uint64_t>(epoch()));
  }

  // Examples of the epoch take the place of those before.
  void draw_examples() {
    factorization::NegativeSampling sampling = *task_.sampling;
    sampling.seed = seed_;
    sampling.epoch = epoch();
    if (operands_) operands_->fetch(context_);
    operands_.reset();
    blocks_.reset();
    const int32_t parts = sampling.pairs ? 1 : factorization::RatingBlocks::default_parts(examples_);
    blocks_ = std::make_unique<factorization::RatingBlocks>(context_, by_user_, sampling, groups_, parts);
    hold_operands();
  }

  void hold_operands() { operands_.emplace(context_, *blocks_, objective_, state_.training_view(), options_.storage); }

  void follow_variances() {
    if (task_.variances == nullptr) return;
    const auto& [noise, user, item, bias] = *task_.variances;
    objective_.user_penalty = static_cast<float>(noise / user);
    objective_.item_penalty = static_cast<float>(noise / item);
    objective_.user_bias_penalty = objective_.item_bias_penalty = static_cast<float>(noise / bias);
    if (operands_) operands_->set_penalties(objective_);
  }

  void run_epoch() {
    if (task_.sampling) draw_examples();
    const std::vector<int32_t> order = factorization::strata_order(groups_, seed_, epoch());
    const factorization::EpochOptions how(static_cast<float>(learning_rate()), options_.updates, rounding_key());
    const bool pairs = task_.sampling && task_.sampling->pairs;
    while (strata_done() < groups_) {
      const int64_t count = std::min(strata_per_call(), groups_ - strata_done());
      const auto strata =
          std::span(order).subspan(static_cast<std::size_t>(strata_done()), static_cast<std::size_t>(count));
      squares_ += pairs ? factorization::pair_epoch(context_, *operands_, strata, how)
                        : factorization::sgd_epoch(context_, *operands_, strata, how);
      strata_done() += count;
      if (!std::isfinite(squares_)) fail_diverged("train_rmse", squares_, epoch() + 1, learning_rate());
      const double share = static_cast<double>(strata_done()) / groups_;
      monitor_.progress(static_cast<double>(epoch()) + share, static_cast<double>(options_.epochs), "epochs");
      if (strata_done() < groups_) offer_checkpoint();
    }
  }

  void finish_epoch() {
    const double count = static_cast<double>(std::max<int64_t>(1, blocks_->size()));
    const double rmse = std::sqrt(squares_ / count);
    if (rmse > kDivergedRanges * task_.value_range) fail_diverged("train_rmse", rmse, epoch() + 1, learning_rate());
    const double norm = factorization::squared_norm(context_, operands_->parts().user_factors) +
                        factorization::squared_norm(context_, operands_->parts().item_factors);
    if (!std::isfinite(norm)) fail_diverged("the norm of the factors", norm, epoch() + 1, learning_rate());
    task_.report(epoch() + 1, squares_, *operands_);
  }

  // After `epoch()` epochs.
  bool no_longer_better() {
    operands_->fetch(context_);
    const double squares =
        factorization::squared_error(context_, *validation_, objective_.link, state_.training_view());
    const double error = rating_range_ * std::sqrt(squares / static_cast<double>(validation_->size()));
    monitor_.metric(epoch(), "validation_rmse", error);
    const bool ends = best_.offer(state_, epoch(), error, options_.patience);
    if (ends && epoch() < options_.epochs) {
      monitor_.note(fmt::format("stops after epoch {}: the validation error was least, {:.4f}, after epoch {}", epoch(),
                                best_.error(), best_.epoch()));
    }
    return ends;
  }

  void offer_checkpoint() {
    monitor_.offer_checkpoint([&](TensorWriter& file) {
      operands_->fetch(context_);
      state_.add_numbers(file);
      file.add<int64_t>("position", position_);
      file.add<double>("squared_errors", std::span<const double>(&squares_, 1), {1});
      best_.save(file);
      if (task_.variances != nullptr) {
        const auto& [noise, user, item, bias] = *task_.variances;
        variances_ = {noise, user, item, bias};
        file.add<double>("variances", variances_, {4});
      }
    });
  }

  Context& context_;
  const SgdOptions& options_;
  const SgdTask& task_;
  TrainingMonitor& monitor_;
  FactorState& state_;
  const uint64_t seed_;
  const SparseView by_user_;
  const int64_t examples_;  // of an epoch, about
  const int32_t groups_;
  std::unique_ptr<const factorization::RatingBlocks> blocks_;  // of all epochs, or of this one
  const Buffer<float> user_shares_, item_shares_;
  factorization::Objective objective_;
  std::optional<factorization::TrainingOperands> operands_;  // once the state is what training starts from
  std::vector<int64_t> position_ = {0, 0};                   // epochs done, strata of the next one done
  std::array<double, 4> variances_{};                        // as the checkpoint has them
  double squares_ = 0;                                       // Σ e² of the epoch so far
  std::unique_ptr<const factorization::RatingBlocks> validation_;
  double rating_range_ = 1;      // of what 0 … 1 stands for
  BestModel<FactorState> best_;  // where there is a validation
};

}  // namespace

void SgdOptions::describe(Parameters& p) {
  constexpr std::array<std::string_view, 2> kUpdates = {"ordered", "lock_free"};
  constexpr std::array<std::string_view, 3> kStorages = {"fp32", "fp16", "bf16"};
  p.integer("factors", factors, {.minimum = 1, .maximum = 4096}, "",
            "Length of the vector that is learnt for each user and each item.");
  p.integer("epochs", epochs, {.minimum = 1, .maximum = 100000}, "epochs", "Passes over the training ratings.");
  p.real("learning_rate", learning_rate, {.minimum = 0, .maximum = 1e6, .above_minimum = true}, "",
         "Step of stochastic gradient descent in the first epoch. Lower it where training diverges.");
  describe_schedule(p);
  p.real("initial_deviation", initial_deviation, {.minimum = 0, .maximum = 10, .above_minimum = true}, "",
         "Standard deviation of the normal distribution that the vectors start from.");
  describe_early_stopping(p);
  p.choice("updates", updates, kUpdates,
           "ordered: steps that share a user or an item never overlap, so that the model is the same bytes for any "
           "number of threads and on CUDA. lock_free: nobody waits for anybody; the model differs from run to run, as "
           "the report then says, and the job must have \"deterministic\": false.");
  p.choice(
      "storage", storage, kStorages,
      "How the vectors are stored while they are trained; arithmetic and the published model are fp32. fp16 and "
      "bf16 halve the memory traffic; each number is rounded up or down at random, so that it is right on average.");
  p.flag("biases", biases, "Adds the mean rating, one number per user and one per item to the predicted rating.");
}

int64_t SgdOptions::extra_bytes(const DataShape& shape) const {
  const int64_t halves = factorization::TrainingOperands::host_bytes(shape.users, shape.items, factors, storage);
  if (validation_share == 0) return halves;
  constexpr int64_t kRatingBytes = 2 * 5 + sizeof(factorization::Rating);  // in both orders, and of the blocks
  return halves + FactorState::bytes(shape.users, shape.items, factors) + shape.ratings * kRatingBytes +
         (2 * shape.users + shape.items) * static_cast<int64_t>(sizeof(int64_t));
}

void fail_diverged(std::string_view name, double value, int64_t epoch, double learning_rate) {
  fail(ErrorKind::kDiverged, "training diverged: {} is {} in epoch {}; lower learning_rate, which is {} there", name,
       value, epoch, learning_rate);
}

void train_by_sgd(Context& context, const TrainingInput& input, const SgdOptions& options, const SgdTask& task,
                  const FactorState* initial, TrainingMonitor& monitor, FactorState& state) {
  ValidationSplit split;
  TrainingInput training_input = input;
  if (options.validation_share > 0) {
    split = hold_out_for_validation(input.by_user, options.validation_share, input.seed);
    training_input.by_user = split.train.view();
    training_input.by_item = split.train_by_item.view();
  }
  SgdTraining training(context, training_input, split.validation.view(), options, task, monitor, state);
  if (const TensorFile* checkpoint = monitor.checkpoint(); checkpoint != nullptr) {
    training.restore(*checkpoint);
  } else {
    initialise(context, state, training_input.by_user, training_input.by_item, options.initial_deviation, input.seed,
               initial);
    if (!options.biases) {
      state.user_biases = Buffer<float>(state.users);
      state.item_biases = Buffer<float>(state.items);
    }
  }
  training.run();
}

}  // namespace matinee::engine
