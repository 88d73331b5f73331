#include "engine/models/skip_gram_training.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/models/sgd_training.h"
#include "kernels/skip_gram/train_words.h"
#include "kernels/skip_gram/training_operands.h"
#include "kernels/support/error.h"

namespace matinee::engine {
namespace {

// A call trains about so many words × vectors that a word is told from: a second of work at most.
constexpr int64_t kVectorsPerCall = 1'500'000;

class SkipGramTraining {
 public:
  SkipGramTraining(Context& context, const KnownWords& corpus, const skip_gram::Settings& settings,
                   TrainingMonitor& monitor, SkipGramState& state)
      : context_(context), corpus_(corpus.view()), settings_(settings), monitor_(monitor), state_(state) {}

  void restore(const TensorFile& file) {
    read(file, "input", state_.input);
    read(file, "output", state_.output);
    position_ = file.vector<int64_t>("position");
    loss_ = file.get<double>("loss", {1})[0];
    if (position_.size() != 3 || position_[1] < 0 || position_[1] >= corpus_.size() || position_[2] < 0) refuse(file);
  }

  void run() {
    const skip_gram::TrainingOperands operands(context_, corpus_, settings_, state_.view());
    const int64_t step = words_per_call(operands.granule());
    start_clock();
    while (epoch() < settings_.epochs) {
      while (word() < corpus_.size()) {
        train(operands, std::min(word() + step, corpus_.size()));
        if (word() < corpus_.size()) offer_checkpoint(operands);
      }
      finish_epoch();
      if (epoch() < settings_.epochs) offer_checkpoint(operands);
    }
    operands.fetch(context_);
    require_finite(state_.input);
    require_finite(state_.output);
  }

 private:
  int64_t& epoch() { return position_[0]; }
  int64_t& word() { return position_[1]; }
  int64_t& pairs() { return position_[2]; }

  [[noreturn]] static void refuse(const TensorFile& file) {
    fail(ErrorKind::kArtifact, "{}: not a checkpoint of this training: remove it", file.path().string());
  }

  void read(const TensorFile& file, const char* name, Buffer<float>& numbers) const {
    const auto values = file.get<float>(name, {state_.words, state_.stride});
    std::ranges::copy(values, numbers.data());
  }

  int64_t words_per_call(int64_t granule) const {
    const bool softmax = settings_.output == skip_gram::Output::kSoftmax;
    const int64_t vectors = softmax ? corpus_.vocabulary : 1 + settings_.negatives;
    return std::max<int64_t>(1, kVectorsPerCall / vectors / granule) * granule;
  }

  void train(const skip_gram::TrainingOperands& operands, int64_t end) {
    const skip_gram::Trained trained = skip_gram::train_words(context_, operands, {epoch(), word(), end});
    loss_ += trained.loss;
    pairs() += trained.pairs;
    words_on_clock_ += trained.words;
    word() = end;
    if (!std::isfinite(loss_)) fail_diverged("loss", loss_, epoch() + 1, settings_.learning_rate);
    const double share = static_cast<double>(end) / static_cast<double>(corpus_.size());
    monitor_.progress(static_cast<double>(epoch()) + share, static_cast<double>(settings_.epochs), "epochs");
  }

  void finish_epoch() {
    ++epoch();
    if (pairs() > 0) monitor_.metric(epoch(), "loss", loss_ / static_cast<double>(pairs()));
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - clock_;
    if (elapsed.count() > 0) {
      monitor_.metric(epoch(), "words_per_second", static_cast<double>(words_on_clock_) / elapsed.count());
    }
    word() = pairs() = 0;
    loss_ = 0;
    start_clock();
  }

  void start_clock() {
    clock_ = std::chrono::steady_clock::now();
    words_on_clock_ = 0;
  }

  void offer_checkpoint(const skip_gram::TrainingOperands& operands) {
    monitor_.offer_checkpoint([&](TensorWriter& file) {
      operands.fetch(context_);
      file.add<float>("input", state_.input.span(), {state_.words, state_.stride});
      file.add<float>("output", state_.output.span(), {state_.words, state_.stride});
      file.add<int64_t>("position", position_);
      file.add<double>("loss", std::span<const double>(&loss_, 1), {1});
    });
  }

  void require_finite(const Buffer<float>& numbers) const {
    const auto values = numbers.span();
    const auto bad = std::ranges::find_if_not(values, [](float value) { return std::isfinite(value); });
    if (bad != values.end()) fail_diverged("a vector", *bad, settings_.epochs, settings_.learning_rate);
  }

  Context& context_;
  const skip_gram::CorpusView corpus_;
  const skip_gram::Settings& settings_;
  TrainingMonitor& monitor_;
  SkipGramState& state_;
  std::vector<int64_t> position_ = {0, 0, 0};  // epochs done, words of the next one done, pairs among them
  double loss_ = 0;                            // of the epoch so far
  std::chrono::steady_clock::time_point clock_;
  int64_t words_on_clock_ = 0;  // of this epoch, since it or this process began
};

}  // namespace

KnownWords::KnownWords(const Corpus& corpus) {
  words.reserve(corpus.ids.size());
  offsets.reserve(corpus.offsets.size());
  counts.assign(static_cast<std::size_t>(corpus.vocabulary.word_count()), 0);
  for (int64_t document = 0; document < corpus.documents(); ++document) {
    for (int64_t at = corpus.offsets[static_cast<std::size_t>(document)];
         at < corpus.offsets[static_cast<std::size_t>(document) + 1]; ++at) {
      const int32_t word = corpus.ids[static_cast<std::size_t>(at)] - Vocabulary::kSpecials;
      if (word < 0) continue;
      words.push_back(word);
      ++counts[static_cast<std::size_t>(word)];
    }
    const auto end = static_cast<int64_t>(words.size());
    has_pairs = has_pairs || end > offsets.back() + 1;
    if (end > offsets.back()) offsets.push_back(end);
  }
}

skip_gram::CorpusView KnownWords::view() const {
  return {static_cast<int64_t>(offsets.size()) - 1, offsets.data(), words.data(), static_cast<int32_t>(counts.size()),
          counts.data()};
}

SkipGramState::SkipGramState(int64_t word_count, int64_t columns)
    : words(word_count),
      dimensions(columns),
      stride(skip_gram::padded(columns)),
      input(words * stride),
      output(words * stride) {}

int64_t SkipGramState::bytes(int64_t words, int64_t dimensions) {
  return 2 * words * skip_gram::padded(dimensions) * static_cast<int64_t>(sizeof(float));
}

skip_gram::VectorsView<float> SkipGramState::view() {
  return {{input.data(), words, stride, stride}, {output.data(), words, stride, stride}};
}

void train_skip_gram(Context& context, const KnownWords& corpus, const skip_gram::Settings& settings,
                     TrainingMonitor& monitor, SkipGramState& state) {
  SkipGramTraining training(context, corpus, settings, monitor, state);
  if (const TensorFile* checkpoint = monitor.checkpoint(); checkpoint != nullptr) training.restore(*checkpoint);
  training.run();
}

}  // namespace matinee::engine
