#include "engine/models/neural_cf_training.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>
#include <numbers>
#include <string_view>
#include <vector>

#include "engine/models/sgd_training.h"
#include "kernels/neural_cf/example_sampler.h"
#include "kernels/neural_cf/training_step.h"
#include "kernels/support/error.h"
#include "kernels/support/grid.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

// A mean log loss so many times that of a coin, ln 2, comes from parameters that grow without bound.
constexpr double kDivergedCoins = 100;

class NeuralCfTraining {
 public:
  // `split`: without validation where early stopping is not wanted.
  NeuralCfTraining(Context& context, const TrainingInput& input, const ValidationSplit& split,
                   const NeuralCfOptions& options, TrainingMonitor& monitor, NeuralCfState& state)
      : context_(context),
        options_(options),
        monitor_(monitor),
        state_(state),
        network_(context, state.shape, options.optimizer),
        sampler_(neural_cf::make_sampler(
            context, options.validation_share > 0 ? split.train.view() : input.by_user,
            {.negatives = options.negatives, .seed = input.seed, .most_examples = options.batch})),
        step_(neural_cf::make_training_step(context, state.shape, options.batch)) {
    network_.users.parameters.assign(context, state.users.span());
    network_.items.parameters.assign(context, state.items.span());
    network_.dense.parameters.assign(context, state.dense.span());
    if (split.validation.size() == 0) return;
    validation_ = neural_cf::make_sampler(
        context, split.validation.view(),
        {.negatives = options.negatives,
         .seed = Philox(input.seed, stream_id(RandomStream::kValidation, kValidationNegatives)).bits(0),
         .most_examples = options.batch,
         .rated = input.by_user});
    validation_->draw(context, 0);
  }

  void restore(const TensorFile& file) {
    const auto put = [&](const char* name, Array<float>& numbers) {
      numbers.assign(context_, file.get<float>(name, {numbers.size()}));
    };
    for (const Part& part : parts()) {
      put(part.parameters, part.part->parameters);
      if (!by_adam()) continue;
      put(part.mean, part.part->mean);
      put(part.square, part.part->square);
    }
    best_.load(file, state_);
    network_.loss.assign(context_, file.get<double>("loss", {1}));
    const auto position = file.get<int64_t>("position", {3});
    std::ranges::copy(position, position_.begin());
    if (epoch() < 0 || steps() < 0 || done() < 0 || done() > sampler_->examples()) {
      fail(ErrorKind::kArtifact, "{}: not a checkpoint of this training: remove it", file.path().string());
    }
  }

  void run() {
    if (sampler_->examples() == 0) return;
    while (epoch() < options_.epochs) {
      run_epoch();
      finish_epoch();
      ++epoch();
      done() = 0;
      if (validation_ && no_longer_better()) break;
      if (epoch() < options_.epochs) offer_checkpoint();
    }
    fetch();
    best_.put_back(state_);
    require_finite(state_.users);
    require_finite(state_.items);
    require_finite(state_.dense);
  }

 private:
  static constexpr uint64_t kValidationNegatives = 1;  // part of the stream, of which the split has the first

  struct Part {
    neural_cf::TrainedPart* part;
    const char *parameters, *mean, *square;
  };
  std::vector<Part> parts() {
    return {{&network_.users, "users", "users_mean", "users_square"},
            {&network_.items, "items", "items_mean", "items_square"},
            {&network_.dense, "dense", "dense_mean", "dense_square"}};
  }

  int64_t& epoch() { return position_[0]; }
  int64_t& done() { return position_[1]; }   // examples of the epoch
  int64_t& steps() { return position_[2]; }  // of all epochs

  bool by_adam() const { return neural_cf::by_adam(options_.optimizer); }

  void fetch() {
    network_.users.parameters.fetch(context_, state_.users.span());
    network_.items.parameters.fetch(context_, state_.items.span());
    network_.dense.parameters.fetch(context_, state_.dense.span());
  }

  void run_epoch() {
    sampler_->draw(context_, epoch());
    neural_cf::StepOptions how;
    how.optimizer = options_.optimizer;
    how.adam.learning_rate = static_cast<float>(options_.rate_of_epoch(epoch()));
    how.penalty = static_cast<float>(options_.regularization);
    const int64_t examples = sampler_->examples();
    // Up to eight calls an epoch: often enough to tell of progress and to stop.
    const int64_t per_call = rounded_up(pieces(examples, 8), options_.batch);
    while (done() < examples) {
      const int64_t end = std::min(examples, done() + per_call);
      for (; done() < end; done() += options_.batch) {
        const int64_t count = std::min(options_.batch, end - done());
        step_->run(context_, network_, sampler_->batch(context_, done(), count), how, ++steps());
      }
      done() = end;
      if (const double sum = loss(); !std::isfinite(sum)) {
        fail_diverged("the loss", sum, epoch() + 1, options_.rate_of_epoch(epoch()));
      }
      const double share = static_cast<double>(done()) / static_cast<double>(examples);
      monitor_.progress(static_cast<double>(epoch()) + share, static_cast<double>(options_.epochs), "epochs");
      if (done() < examples) offer_checkpoint();
    }
  }

  void finish_epoch() {
    const double mean = loss() / static_cast<double>(sampler_->examples());
    if (mean > kDivergedCoins * std::numbers::ln2) {
      fail_diverged("running_log_loss", mean, epoch() + 1, options_.rate_of_epoch(epoch()));
    }
    monitor_.metric(epoch() + 1, "running_log_loss", mean);
    network_.loss.clear(context_);
  }

  // After `epoch()` epochs.
  bool no_longer_better() {
    const int64_t examples = validation_->examples();
    if (examples == 0) return false;
    for (int64_t first = 0; first < examples; first += options_.batch) {
      step_->add_loss(context_, network_,
                      validation_->batch(context_, first, std::min(options_.batch, examples - first)));
    }
    const double error = loss() / static_cast<double>(examples);
    network_.loss.clear(context_);
    if (!std::isfinite(error)) {
      fail_diverged("validation_log_loss", error, epoch(), options_.rate_of_epoch(epoch() - 1));
    }
    monitor_.metric(epoch(), "validation_log_loss", error);
    fetch();
    const bool ends = best_.offer(state_, epoch(), error, options_.patience);
    if (ends && epoch() < options_.epochs) {
      monitor_.note(fmt::format("stops after epoch {}: the validation loss was least, {:.4f}, after epoch {}", epoch(),
                                best_.error(), best_.epoch()));
    }
    return ends;
  }

  double loss() {
    double sum = 0;
    network_.loss.fetch(context_, std::span(&sum, 1));
    return sum;
  }

  // After the last epoch.
  void require_finite(const Buffer<float>& numbers) {
    const auto wrong = std::ranges::find_if(numbers.span(), [](float number) { return !std::isfinite(number); });
    if (wrong == numbers.span().end()) return;
    fail_diverged("a parameter", static_cast<double>(*wrong), options_.epochs,
                  options_.rate_of_epoch(options_.epochs - 1));
  }

  void offer_checkpoint() {
    monitor_.offer_checkpoint([&](TensorWriter& file) {
      saved_.clear();
      const auto add = [&](const char* name, const Array<float>& numbers) {
        auto& copy = saved_.emplace_back(static_cast<std::size_t>(numbers.size()));
        numbers.fetch(context_, copy);
        file.add<float>(name, copy);
      };
      for (const Part& part : parts()) {
        add(part.parameters, part.part->parameters);
        if (!by_adam()) continue;
        add(part.mean, part.part->mean);
        add(part.square, part.part->square);
      }
      saved_loss_ = loss();
      file.add<double>("loss", std::span<const double>(&saved_loss_, 1), {1});
      file.add<int64_t>("position", position_);
      best_.save(file);
    });
  }

  Context& context_;
  const NeuralCfOptions& options_;
  TrainingMonitor& monitor_;
  NeuralCfState& state_;
  neural_cf::TrainedNetwork network_;
  std::unique_ptr<neural_cf::ExampleSampler> sampler_, validation_;  // the latter: of what is held out
  std::unique_ptr<neural_cf::TrainingStep> step_;
  std::vector<int64_t> position_ = {0, 0, 0};  // epochs done, examples of the next one done, steps done
  std::vector<std::vector<float>> saved_;      // as the checkpoint has them
  double saved_loss_ = 0;
  BestModel<NeuralCfState> best_;  // where there is a validation
};

}  // namespace

void NeuralCfOptions::describe(Parameters& p) {
  constexpr std::array<std::string_view, 3> kOptimizers = {"adam", "sgd", "dense_adam"};
  p.integer("negatives", negatives, {.minimum = 1, .maximum = 1000}, "items",
            "Drawn for each rating and epoch among what its user has not rated.");
  p.integer("batch", batch, {.minimum = 1, .maximum = 1 << 24}, "examples", "Of a step of the optimizer.");
  p.choice(
      "optimizer", optimizer, kOptimizers,
      "adam: on the mean of the batch's examples. It is lazy in the vectors: those of users and items that a batch "
      "does not have stay as they are, their running means too. dense_adam: PyTorch's and Keras's Adam, which steps "
      "all vectors each time, along their running mean where the batch does not have them: better for towers (mlp), "
      "slower where batches are small against users and items. sgd: plain stochastic gradient descent, of the "
      "vectors on the sum over the examples that have them, as if each came alone, so that learning_rate means "
      "the same for any batch; of the weights that all examples share on the mean. He et al. (2017) train NeuMF "
      "with SGD after pre-training, because Adam's running means do not come with the pre-trained models.");
  p.integer("epochs", epochs, {.minimum = 1, .maximum = 100000}, "epochs", "Passes over the training ratings.");
  p.real("learning_rate", learning_rate, {.minimum = 0, .maximum = 1e3, .above_minimum = true}, "",
         "Step of the optimizer in the first epoch. Lower it where training diverges.");
  describe_schedule(p);
  describe_early_stopping(p);
  p.real("regularization", regularization, {.minimum = 0, .maximum = 1e6}, "",
         "Penalty λ on the vectors of user and item, once per example: λ/2 (‖p‖² + ‖q‖²) beside its log loss.");
}

int64_t NeuralCfOptions::sampling_bytes(int64_t ratings) const {
  return 4 * (ratings * (2 + negatives) + (validation_share > 0 ? 6 : 3) * batch);
}

int64_t NeuralCfOptions::early_stopping_bytes(const neural_cf::NetworkShape& shape, int64_t ratings) const {
  if (validation_share == 0) return 0;
  constexpr int64_t kRatingBytes = 2 * 5;  // in both orders
  return neural_cf::TrainedNetwork::bytes(shape, neural_cf::Optimizer::kSgd) + ratings * kRatingBytes +
         (2 * shape.users + shape.items) * static_cast<int64_t>(sizeof(int64_t));
}

int64_t NeuralCfOptions::bytes(const neural_cf::NetworkShape& shape, int64_t ratings) const {
  return sampling_bytes(ratings) + neural_cf::TrainedNetwork::bytes(shape, optimizer) +
         neural_cf::training_step_bytes(shape, batch);
}

int64_t NeuralCfOptions::device_bytes(const neural_cf::NetworkShape& shape, int64_t ratings) const {
  // With a validation the ratings stand there twice: what users have rated, and what of it trains.
  const int64_t rated = (validation_share > 0 ? 2 : 1) * (4 * ratings + 8 * shape.users);
  return sampling_bytes(ratings) + rated + neural_cf::TrainedNetwork::bytes(shape, optimizer) +
         neural_cf::training_step_device_bytes(shape, batch);
}

void train_neural_cf(Context& context, const TrainingInput& input, const NeuralCfOptions& options,
                     TrainingMonitor& monitor, NeuralCfState& state) {
  ValidationSplit split;
  if (options.validation_share > 0) {
    split = hold_out_for_validation(input.by_user, options.validation_share, input.seed);
  }
  NeuralCfTraining training(context, input, split, options, monitor, state);
  if (const TensorFile* checkpoint = monitor.checkpoint(); checkpoint != nullptr) training.restore(*checkpoint);
  training.run();
}

}  // namespace matinee::engine
