#pragma once

#include <cstdint>

#include "engine/model.h"
#include "kernels/skip_gram/settings.h"
#include "kernels/support/buffer.h"

namespace matinee::engine {

// Word vectors by skip-gram (Mikolov et al., "Distributed representations of words and phrases and their
// compositionality", NeurIPS 2013): words that stand in like company get like vectors. It represents the words of a
// text and recommends nothing. Saved are the vocabulary, "vectors" and "contexts", both (vocabulary × dimensions); rows
// of special tokens are zero.
class SkipGram : public Model {
 public:
  std::string_view type() const override { return "skip_gram"; }
  void describe(Parameters& parameters) override;

  bool recommends() const override { return false; }
  bool learns_from_ratings() const override { return false; }
  const TextOptions* text() const override { return &text_; }

  int64_t host_bytes(const DataShape& shape) const override;
  bool can_start_from_another() const override { return true; }
  std::string obstacle_to_start_from(const Model& other) const override;

  // Error(kInput) where the text has one word only, or no two words of the vocabulary in one document.
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;

  std::optional<WordVectors> word_vectors() const override;
  // By the cosine of the means of the vectors of their titles' words.
  bool compares_items() const override { return true; }
  std::unique_ptr<ItemComparison> item_comparison(Context& context, const TrainingInput& input) const override;
  int64_t comparison_bytes(const DataShape& shape) const override;
  bool trains_on_cuda() const override { return true; }
  int64_t device_bytes(const DataShape& shape) const override;
  bool deterministic() const override { return mode_ == Mode::kDeterministic; }

  int64_t dimensions() const { return dimensions_; }

 private:
  enum class Mode { kDeterministic, kFast };

  skip_gram::Settings settings(uint64_t seed) const;
  const SkipGram* initial_model(const TrainingInput& input) const;

  TextOptions text_;
  int64_t dimensions_ = 100, window_ = 5, negatives_ = 5, epochs_ = 5;
  double learning_rate_ = 0.025, subsample_ = 1e-3;
  skip_gram::Output output_ = skip_gram::Output::kNegativeSampling;
  Mode mode_ = Mode::kDeterministic;

  // Learnt.
  Vocabulary vocabulary_;
  int64_t columns_ = 0;               // dimensions of what was learnt; 0: nothing yet
  Buffer<float> vectors_, contexts_;  // (vocabulary, columns)
};

}  // namespace matinee::engine
