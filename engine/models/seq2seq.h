#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/model.h"
#include "engine/models/seq2seq_encoding.h"
#include "engine/models/seq2seq_shape.h"
#include "engine/models/seq2seq_training.h"
#include "engine/text/text_encoder.h"
#include "engine/text/token_coder.h"

namespace matinee::engine {

// User interest by an LSTM Seq2Seq with attention that learns to say texts again (engine/models/seq2seq_network.h): the
// encoder's output stands for the text. It recommends nothing. Saved are its tokens (token_coder.h) and the tensors of
// seq2seq_parameters.h.
class Seq2Seq : public Model, public TextEncoder {
 public:
  std::string_view type() const override { return "seq2seq"; }
  void describe(Parameters& parameters) override;

  bool recommends() const override { return false; }
  bool learns_from_ratings() const override { return false; }
  const TextOptions* text() const override { return &text_; }

  int64_t host_bytes(const DataShape& shape) const override;
  bool trains_on_cuda() const override { return true; }
  int64_t device_bytes(const DataShape& shape) const override;
  bool can_start_from_another() const override { return true; }
  std::string obstacle_to_start_from(const Model& other) const override;
  std::string obstacle_to_reference(std::string_view parameter, const Model& other) const override;

  // Error(kInput) where a share is to be held out and all texts are alike.
  void train(Context& context, const TrainingInput& input, TrainingMonitor& monitor) override;
  void save(TensorWriter& file) const override;
  void load(const TensorFile& file) override;

  // The embedding, where its tokens are words.
  std::optional<WordVectors> word_vectors() const override;

  // By the cosine of the vectors of their titles.
  bool compares_items() const override { return true; }
  std::unique_ptr<ItemComparison> item_comparison(Context& context, const TrainingInput& input) const override;
  int64_t comparison_bytes(const DataShape& shape) const override;

  const TextEncoder* text_encoder() const override { return parameters_.empty() ? nullptr : this; }
  int64_t vector_dimensions() const override { return units_; }
  void encode(Context& context, std::span<const std::string> texts, const MatrixView<float>& vectors) const override;
  std::vector<DecodedText> sample_texts(Context& context, const Corpus& corpus, uint64_t seed) const override;

 private:
  enum class Tokens { kWords, kSubwords };

  Seq2SeqShape shape(int64_t vocabulary, int64_t dimensions) const;
  int64_t predicted_vocabulary(const DataShape& shape) const;
  TokenCoder make_coder(const Corpus& corpus, const std::vector<uint8_t>& held_out) const;
  std::vector<float> start_parameters(const TrainingInput& input, const TokenCoder& coder) const;
  void take_embeddings(const Model& model, const TokenCoder& coder, std::vector<float>& parameters) const;
  void take_parameters(const Seq2Seq& earlier, const TokenCoder& coder, std::vector<float>& parameters) const;
  std::vector<int32_t> tokens_of(const std::string& text) const;
  const Seq2Seq* initial_model(const TrainingInput& input) const;

  TextOptions text_;
  Tokens tokens_ = Tokens::kWords;
  int64_t subwords_ = 1000;
  std::string embeddings_;
  int64_t dimensions_ = 100, layers_ = 2, units_ = 128;
  double initial_deviation_ = 0.1;
  Seq2SeqAttention attention_ = Seq2SeqAttention::kGeneral;
  seq2seq::TokenLoss output_ = seq2seq::TokenLoss::kSoftmax;
  Seq2SeqOptions options_;
  TextPool pool_ = TextPool::kLast;
  Precision precision_ = Precision::kFp32;

  // Learnt.
  TokenCoder coder_;
  std::vector<float> parameters_;  // in the host form; empty: nothing yet
};

}  // namespace matinee::engine
