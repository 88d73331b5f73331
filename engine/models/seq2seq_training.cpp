#include "engine/models/seq2seq_training.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <limits>
#include <span>

#include "engine/models/length_buckets.h"
#include "engine/models/loss_scale.h"
#include "engine/models/seq2seq_batch.h"
#include "engine/models/seq2seq_measures.h"
#include "engine/models/seq2seq_network.h"
#include "engine/models/sgd_training.h"
#include "kernels/support/error.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

class Seq2SeqTraining {
 public:
  Seq2SeqTraining(Context& context, const Seq2SeqTask& task, const Seq2SeqOptions& options, TrainingMonitor& monitor)
      : context_(context),
        task_(task),
        options_(options),
        monitor_(monitor),
        network_(context, task.shape, options.room()),
        batch_(context, options.room(), task.shape.vocabulary),
        measured_(drawn_numbers(task.train->size(), options.measured_texts, task.seed)),
        measured_held_out_(drawn_numbers(task.held_out->size(), options.measured_texts, task.seed)),
        unigram_(unigram_baseline(*task.train, *task.train)) {
    if (measured_held_out_.empty()) return;
    held_out_unigram_ = unigram_baseline(*task.train, *task.held_out);
    held_out_unseen_ = unseen_share(*task.train, *task.held_out);
  }

  void start(const std::vector<float>& parameters) { network_.set_parameters(context_, parameters); }

  void restore(const TensorFile& file) {
    const int64_t size = seq2seq_parameters(task_.shape);
    network_.set_parameters(context_, file.get<float>("parameters", {size}));
    network_.set_moments(context_, file.get<float>("mean", {size}), file.get<float>("square", {size}));
    const auto scale = file.get<int64_t>("loss_scale", {2});
    loss_scale_ = LossScale(scale[0], scale[1]);
    const auto position = file.get<int64_t>("position", {5});
    std::ranges::copy(position, position_.begin());
    if (std::ranges::any_of(position_, [](int64_t value) { return value < 0; }) || epoch() >= options_.epochs) {
      fail(ErrorKind::kArtifact, "{}: not a checkpoint of this training: remove it", file.path().string());
    }
    network_.set_sums(context_, {file.get<double>("loss", {1})[0], position_[3]});
    if (best_epoch() == 0) return;
    best_ = file.vector<float>("best");
    best_loss_ = file.get<double>("best_loss", {1})[0];
  }

  std::vector<float> run() {
    while (epoch() < options_.epochs) {
      run_epoch();
      if (finish_epoch()) break;
      if (epoch() < options_.epochs) offer_checkpoint();
    }
    return best_epoch() > 0 ? best_ : network_.parameters(context_);
  }

 private:
  int64_t& epoch() { return position_[0]; }
  int64_t& batches_done() { return position_[1]; }
  int64_t& step() { return position_[2]; }
  int64_t& best_epoch() { return position_[4]; }

  void run_epoch() {
    const auto batches = length_buckets(*task_.train, options_.batch, task_.seed, epoch());
    const auto count = static_cast<int64_t>(batches.size());
    clock_ = std::chrono::steady_clock::now();
    tokens_on_clock_ = 0;
    while (batches_done() < count) {
      take_step(batches[static_cast<std::size_t>(batches_done())]);
      ++batches_done();
      const double share = static_cast<double>(batches_done()) / static_cast<double>(count);
      monitor_.progress(static_cast<double>(epoch()) + share, static_cast<double>(options_.epochs), "epochs");
      if (batches_done() < count) offer_checkpoint();
    }
  }

  void take_step(const std::vector<int64_t>& pieces) {
    chosen_.clear();
    for (const int64_t number : pieces) chosen_.push_back(task_.train->piece(number));
    batch_.assign(context_, chosen_);
    const double forcing = options_.forcing_of_epoch(epoch());
    if (forcing < 1) let_it_run_freely(1 - forcing);
    network_.differentiate(context_, batch_,
                           {.seed = task_.seed,
                            .step = static_cast<uint64_t>(step()),
                            .dropout = static_cast<float>(options_.dropout),
                            .loss_scale = scales_loss_ ? loss_scale_.value() : 1});
    ++step();
    dense::AdamSettings settings;
    settings.learning_rate = static_cast<float>(options_.rate_of_epoch(epoch()));
    settings.clip_norm = static_cast<float>(options_.clip_norm);
    if (scales_loss_) settings.loss_scale = loss_scale_.value();
    network_.descend(context_, settings, step());
    if (scales_loss_) loss_scale_.step(!network_.took_step(context_));
    tokens_on_clock_ += batch_.target_tokens();
  }

  // Scheduled sampling (Bengio et al., NeurIPS 2015) in two passes (Mihaylova and Martins, ACL 2019): a share of the
  // inputs becomes what the network predicts there under teacher forcing.
  void let_it_run_freely(double share) {
    network_.predict(context_, batch_);
    const std::vector<int32_t> predicted = network_.predictions(context_, batch_.target_tokens());
    const Philox draws(task_.seed, stream_id(RandomStream::kForcing, static_cast<uint64_t>(step())));
    const auto offsets = batch_.target().offsets();
    replaced_.assign(predicted.size(), -1);
    for (std::size_t at = 1; at + 1 < offsets.size(); ++at) {
      for (int64_t row = offsets[at]; row < offsets[at + 1]; ++row) {
        const int64_t before = offsets[at - 1] + (row - offsets[at]);
        if (draws.uniform(static_cast<uint64_t>(row)) < share) {
          replaced_[static_cast<std::size_t>(row)] = predicted[static_cast<std::size_t>(before)];
        }
      }
    }
    batch_.replace_inputs(context_, replaced_);
  }

  // Whether training should end.
  bool finish_epoch() {
    const seq2seq::TokenSums sums = network_.sums(context_);
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - clock_;
    ++epoch();
    if (!std::isfinite(sums.loss)) fail_diverged("loss", sums.loss, epoch(), options_.rate_of_epoch(epoch() - 1));
    monitor_.metric(epoch(), "loss", sums.loss / static_cast<double>(task_.train->target_tokens()));
    if (elapsed.count() > 0) {
      monitor_.metric(epoch(), "tokens_per_second", static_cast<double>(tokens_on_clock_) / elapsed.count());
    }
    network_.set_sums(context_, {});
    batches_done() = 0;
    report("train", measure(*task_.train, measured_), unigram_);
    if (measured_held_out_.empty()) return false;
    const TextMeasures held_out = measure(*task_.held_out, measured_held_out_);
    report("validation", held_out, held_out_unigram_);
    monitor_.metric(epoch(), "validation_unseen_tokens", held_out_unseen_);
    return options_.patience > 0 && no_longer_better(held_out.loss);
  }

  TextMeasures measure(const TokenTexts& texts, const std::vector<int64_t>& pieces) {
    return measure_texts(context_, network_, batch_, texts, pieces, [this] {
      monitor_.progress(static_cast<double>(epoch()), static_cast<double>(options_.epochs), "epochs");
    });
  }

  void report(std::string_view set, const TextMeasures& measures, double unigram) {
    const auto metric = [&](std::string_view name, double value) {
      monitor_.metric(epoch(), fmt::format("{}_{}", set, name), value);
    };
    if (!std::isfinite(measures.loss)) {
      fail_diverged("loss", measures.loss, epoch(), options_.rate_of_epoch(epoch() - 1));
    }
    metric("loss", measures.loss);
    metric("token_accuracy", measures.token_accuracy);
    metric("free_running_accuracy", measures.free_running_accuracy);
    metric("exact_sequences", measures.exact_sequences);
    metric("unigram_baseline", unigram);
  }

  bool no_longer_better(double loss) {
    if (loss < best_loss_) {
      best_loss_ = loss;
      best_epoch() = epoch();
      best_ = network_.parameters(context_);
    }
    if (epoch() - best_epoch() < options_.patience) return false;
    monitor_.note(fmt::format("no lower loss on held-out texts in {} epochs: the network of epoch {} remains",
                              options_.patience, best_epoch()));
    return true;
  }

  void offer_checkpoint() {
    monitor_.offer_checkpoint([&](TensorWriter& file) {
      const seq2seq::TokenSums sums = network_.sums(context_);
      saved_loss_ = sums.loss;
      position_[3] = sums.correct;
      saved_ = {network_.parameters(context_), network_.mean(context_), network_.square(context_)};
      file.add<float>("parameters", saved_[0]);
      file.add<float>("mean", saved_[1]);
      file.add<float>("square", saved_[2]);
      file.add<int64_t>("position", std::span<const int64_t>(position_), {5});
      saved_scale_ = {loss_scale_.exponent(), loss_scale_.steps()};
      file.add<int64_t>("loss_scale", std::span<const int64_t>(saved_scale_), {2});
      file.add<double>("loss", std::span<const double>(&saved_loss_, 1), {1});
      if (best_epoch() == 0) return;
      file.add<float>("best", best_);
      file.add<double>("best_loss", std::span<const double>(&best_loss_, 1), {1});
    });
    saved_ = {};
  }

  Context& context_;
  const Seq2SeqTask& task_;
  const Seq2SeqOptions& options_;
  TrainingMonitor& monitor_;
  Seq2SeqNetwork network_;
  Seq2SeqBatch batch_;
  const std::vector<int64_t> measured_, measured_held_out_;  // pieces
  const double unigram_;
  double held_out_unigram_ = 0, held_out_unseen_ = 0;
  // Epochs done, batches of the next one done, steps of Adam, right tokens of the epoch so far, the best epoch (0:
  // none).
  std::array<int64_t, 5> position_ = {};
  const bool scales_loss_ = context_.on_cuda() && context_.precision() == Precision::kFp16;
  LossScale loss_scale_;
  std::vector<float> best_;
  double best_loss_ = std::numeric_limits<double>::max();
  std::vector<std::span<const int32_t>> chosen_;
  std::vector<int32_t> replaced_;
  std::array<std::vector<float>, 3> saved_;  // while a checkpoint is written
  double saved_loss_ = 0;
  std::array<int64_t, 2> saved_scale_ = {};
  std::chrono::steady_clock::time_point clock_;
  int64_t tokens_on_clock_ = 0;  // of this epoch, since it or this process began
};

}  // namespace

std::vector<float> train_seq2seq(Context& context, const Seq2SeqTask& task, const Seq2SeqOptions& options,
                                 const std::vector<float>& start, TrainingMonitor& monitor) {
  Seq2SeqTraining training(context, task, options, monitor);
  if (const TensorFile* checkpoint = monitor.checkpoint(); checkpoint != nullptr) {
    training.restore(*checkpoint);
  } else {
    training.start(start);
  }
  return training.run();
}

}  // namespace matinee::engine
