#include "engine/models/seq2seq_network.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "kernels/dense/linear.h"
#include "kernels/seq2seq/embedding.h"

namespace matinee::engine {
namespace {

constexpr int64_t kLogitsAtOnce = int64_t{1} << 22;  // 16 MiB
constexpr int64_t kLeastChunk = 32, kMostChunk = 1024;

int64_t target_rows(const Seq2SeqRoom& room) {
  return room.texts * room.target_steps();
}

int64_t chunk_of(const Seq2SeqShape& shape, const Seq2SeqRoom& room) {
  const int64_t rows = std::clamp(kLogitsAtOnce / shape.vocabulary, kLeastChunk, kMostChunk);
  return std::max(std::min(rows, target_rows(room)), room.texts);  // a step of decoding is one chunk
}

std::vector<const seq2seq::LstmLayer*> layers_of(const LstmStack& encoder, const LstmStack& decoder) {
  std::vector<const seq2seq::LstmLayer*> layers;
  for (const LstmStack* stack : {&encoder, &decoder}) {
    for (int64_t number = 0; number < stack->layers(); ++number) layers.push_back(&stack->layer(number));
  }
  return layers;
}

seq2seq::LstmRoom source_room(const Seq2SeqRoom& room) {
  return {room.texts, room.tokens, room.texts * room.tokens};
}

seq2seq::LstmRoom target_room(const Seq2SeqRoom& room) {
  return {room.texts, room.target_steps(), target_rows(room)};
}

// `rows` has no gaps between its rows.
std::vector<float> fetched(Context& context, const MatrixView<const float>& rows) {
  std::vector<float> host(static_cast<std::size_t>(rows.rows * rows.columns));
  detail::copy_out(context, host.data(), rows.data, static_cast<int64_t>(host.size() * sizeof(float)));
  return host;
}

}  // namespace

Seq2SeqNetwork::Seq2SeqNetwork(Context& context, const Seq2SeqShape& shape, const Seq2SeqRoom& room)
    : shape_(shape),
      room_(room),
      encoder_(context, shape.dimensions, shape.layers, shape.units, source_room(room), room.training),
      decoder_(context, shape.dimensions, shape.layers, shape.units, target_room(room), room.training),
      layout_(shape, layers_of(encoder_, decoder_)),
      parameters_(context, layout_.size()),
      attention_(context, shape, room),
      source_vectors_(context, room.texts * room.tokens * shape.dimensions),
      target_vectors_(context, target_rows(room) * shape.dimensions),
      chunk_rows_(chunk_of(shape, room)),
      logits_(context, chunk_rows_ * shape.vocabulary),
      predictions_(context, target_rows(room)),
      sums_(context, 1),
      encoded_states_(context, shape.layers, room.texts, shape.units),
      decoded_states_(context, shape.layers, room.texts, shape.units),
      step_batch_(context, room.texts, 1),
      step_tokens_(context, room.texts, shape.vocabulary),
      origins_(context, room.texts, room.texts),
      next_states_(context, shape.layers, room.texts, shape.units),
      no_targets_(context, room.texts),
      no_sums_(context, 1) {
  step_lengths_.reserve(static_cast<std::size_t>(room.texts));
  if (!room.training) return;
  for (Array<float>* array : {&gradient_, &mean_, &square_}) *array = Array<float>(context, layout_.size());
  d_vectors_ = Array<float>(context, target_rows(room) * shape.dimensions);
  squares_ = Array<double>(context, 1);
  d_states_ = LstmStates(context, shape.layers, room.texts, shape.units);
}

std::vector<const float*> Seq2SeqNetwork::layer_parameters(bool decoder) const {
  std::vector<const float*> pointers;
  for (int64_t layer = 0; layer < shape_.layers; ++layer) {
    pointers.push_back(layout_.layer(parameters_.data(), (decoder ? shape_.layers : 0) + layer));
  }
  return pointers;
}

std::vector<float*> Seq2SeqNetwork::layer_gradients(bool decoder) {
  std::vector<float*> pointers;
  for (int64_t layer = 0; layer < shape_.layers; ++layer) {
    pointers.push_back(layout_.layer(gradient_.data(), (decoder ? shape_.layers : 0) + layer));
  }
  return pointers;
}

std::vector<float> Seq2SeqNetwork::to_host(Context& context, const Array<float>& array) const {
  std::vector<float> host(static_cast<std::size_t>(seq2seq_parameters(shape_)));
  layout_.to_host(context, array.data(), host);
  return host;
}

void Seq2SeqNetwork::set_parameters(Context& context, std::span<const float> host) {
  layout_.to_device(context, host, parameters_.data());
}

std::vector<float> Seq2SeqNetwork::parameters(Context& context) const {
  return to_host(context, parameters_);
}

void Seq2SeqNetwork::set_moments(Context& context, std::span<const float> mean, std::span<const float> square) {
  layout_.to_device(context, mean, mean_.data());
  layout_.to_device(context, square, square_.data());
}

void Seq2SeqNetwork::forward(Context& context, const Seq2SeqBatch& batch, const LayerDropout* encoder,
                             const LayerDropout* decoder) {
  const auto table = layout_.embedding(std::as_const(parameters_).data());
  const int64_t source = batch.source().rows(), target = batch.target().rows();
  const MatrixView<float> source_vectors = embedded(source_vectors_, source);
  const MatrixView<float> target_vectors = embedded(target_vectors_, target);
  seq2seq::embed(context, batch.source_tokens(), table, source_vectors);
  seq2seq::embed(context, batch.input_tokens(), table, target_vectors);
  encoder_.forward(context, batch.source(), layer_parameters(false), source_vectors, nullptr, encoded_states_, encoder);
  decoder_.forward(context, batch.target(), layer_parameters(true), target_vectors, &encoded_states_, decoded_states_,
                   decoder);
  attention_.forward(context, layout_, parameters_.data(), batch.source(), batch.target(), encoder_.output(source),
                     decoder_.output(target));
}

void Seq2SeqNetwork::chunk_logits(Context& context, const MatrixView<const float>& mixed,
                                  const MatrixView<float>& logits) {
  dense::linear(context, layout_.output(std::as_const(parameters_).data()), mixed, logits);
}

void Seq2SeqNetwork::lose(Context& context, const Seq2SeqBatch& batch, float gradient_scale,
                          Array<seq2seq::TokenSums>& sums) {
  const int64_t rows = batch.target().rows(), units = shape_.units;
  const auto layer = layout_.output(std::as_const(parameters_).data());
  for (int64_t begin = 0; begin < rows; begin += chunk_rows_) {
    const int64_t count = std::min(chunk_rows_, rows - begin);
    const MatrixView<const float> mixed = {attention_.mixed(rows).row(begin), count, units, units};
    const MatrixView<float> logits = {logits_.data(), count, shape_.vocabulary, shape_.vocabulary};
    chunk_logits(context, mixed, logits);
    seq2seq::token_loss(context, shape_.loss, batch.targets() + begin, logits, gradient_scale,
                        predictions_.data() + begin, sums.data());
    if (gradient_scale == 0) continue;
    dense::linear_gradient(context, layer, mixed, logits, layout_.output(gradient_.data()),
                           {attention_.d_mixed(rows).row(begin), count, units, units});
  }
}

void Seq2SeqNetwork::differentiate(Context& context, const Seq2SeqBatch& batch, const StepDraws& draws) {
  const LayerDropout encoder = {draws.seed, draws.step, 0, draws.dropout};
  const LayerDropout decoder = {draws.seed, draws.step, 1, draws.dropout};
  forward(context, batch, &encoder, &decoder);
  const double terms = shape_.loss == seq2seq::TokenLoss::kSigmoid ? static_cast<double>(shape_.vocabulary) : 1.0;
  const double scale = double{draws.loss_scale} * terms / static_cast<double>(batch.target_tokens());
  lose(context, batch, static_cast<float>(scale), sums_);

  const int64_t source = batch.source().rows(), target = batch.target().rows();
  encoder_.clear_d_output(context);
  attention_.backward(context, layout_, parameters_.data(), batch.source(), batch.target(), encoder_.output(source),
                      decoder_.output(target), gradient_.data(), encoder_.d_output(source), decoder_.d_output(target));
  const auto table_gradient = layout_.embedding(gradient_.data());
  decoder_.backward(context, batch.target(), layer_parameters(true), embedded(target_vectors_, target),
                    &encoded_states_, nullptr, &d_states_, decoder, layer_gradients(true),
                    embedded(d_vectors_, target));
  seq2seq::embed_gradient(context, batch.input_tokens(), embedded(d_vectors_, target), table_gradient);
  encoder_.backward(context, batch.source(), layer_parameters(false), embedded(source_vectors_, source), nullptr,
                    &d_states_, nullptr, encoder, layer_gradients(false), embedded(d_vectors_, source));
  seq2seq::embed_gradient(context, batch.source_tokens(), embedded(d_vectors_, source), table_gradient);
}

void Seq2SeqNetwork::descend(Context& context, const dense::AdamSettings& settings, int64_t step) {
  if (settings.clip_norm > 0 || settings.loss_scale > 0) {
    dense::squared_gradient(context, gradient_.data(), gradient_.size(), squares_.data());
  }
  dense::adam_step(context, settings, step, squares_.data(),
                   {parameters_.data(), gradient_.data(), mean_.data(), square_.data(), gradient_.size()});
}

bool Seq2SeqNetwork::took_step(Context& context) const {
  double squares = 0;
  squares_.fetch(context, std::span(&squares, 1));
  return std::isfinite(squares);
}

void Seq2SeqNetwork::evaluate(Context& context, const Seq2SeqBatch& batch) {
  forward(context, batch, nullptr, nullptr);
  lose(context, batch, 0, sums_);
}

void Seq2SeqNetwork::predict(Context& context, const Seq2SeqBatch& batch) {
  forward(context, batch, nullptr, nullptr);
  lose(context, batch, 0, no_sums_);
}

std::vector<int32_t> Seq2SeqNetwork::predictions(Context& context, int64_t rows) const {
  std::vector<int32_t> tokens(static_cast<std::size_t>(rows));
  predictions_.fetch(context, tokens);
  return tokens;
}

seq2seq::TokenSums Seq2SeqNetwork::sums(Context& context) const {
  seq2seq::TokenSums sums;
  sums_.fetch(context, {&sums, 1});
  return sums;
}

void Seq2SeqNetwork::set_sums(Context& context, const seq2seq::TokenSums& sums) {
  sums_.assign(context, {&sums, 1});
}

void Seq2SeqNetwork::encode(Context& context, const Seq2SeqBatch& batch) {
  const int64_t rows = batch.source().rows();
  const MatrixView<float> vectors = embedded(source_vectors_, rows);
  seq2seq::embed(context, batch.source_tokens(), layout_.embedding(std::as_const(parameters_).data()), vectors);
  encoder_.forward(context, batch.source(), layer_parameters(false), vectors, nullptr, encoded_states_, nullptr);
}

std::vector<float> Seq2SeqNetwork::encoded(Context& context, int64_t rows) const {
  return fetched(context, encoder_.output(rows));
}

std::vector<float> Seq2SeqNetwork::last_outputs(Context& context, int64_t texts) const {
  return fetched(context, encoded_states_.layer(shape_.layers - 1, texts).h);
}

void Seq2SeqNetwork::decode_step(Context& context, const Seq2SeqBatch& batch, std::span<const int32_t> tokens,
                                 std::vector<float>* logits) {
  const int64_t texts = batch.texts();
  if (static_cast<int64_t>(step_lengths_.size()) != texts) {
    step_lengths_.assign(static_cast<std::size_t>(texts), 1);
    step_batch_.assign(context, step_lengths_);
  }
  step_tokens_.assign(context, tokens);
  const MatrixView<float> vectors = embedded(target_vectors_, texts);
  seq2seq::embed(context, step_tokens_, layout_.embedding(std::as_const(parameters_).data()), vectors);
  decoder_.forward(context, step_batch_, layer_parameters(true), vectors, &encoded_states_, decoded_states_, nullptr);
  std::swap(encoded_states_, decoded_states_);
  attention_.forward(context, layout_, parameters_.data(), batch.source(), step_batch_,
                     encoder_.output(batch.source().rows()), decoder_.output(texts));
  const MatrixView<float> scores = {logits_.data(), texts, shape_.vocabulary, shape_.vocabulary};
  chunk_logits(context, attention_.mixed(texts), scores);
  if (logits != nullptr) {
    logits->resize(static_cast<std::size_t>(texts * shape_.vocabulary));
    logits_.fetch(context, *logits);
  } else {
    seq2seq::token_loss(context, shape_.loss, no_targets_.data(), scores, 0, predictions_.data(), no_sums_.data());
  }
}

void Seq2SeqNetwork::reorder_states(Context& context, std::span<const int32_t> origins) {
  const auto texts = static_cast<int64_t>(origins.size());
  origins_.assign(context, origins);
  for (int64_t layer = 0; layer < shape_.layers; ++layer) {
    const seq2seq::LstmState<const float> from = std::as_const(encoded_states_).layer(layer, texts);
    const seq2seq::LstmState<float> to = next_states_.layer(layer, texts);
    seq2seq::embed(context, origins_, from.h, to.h);
    seq2seq::embed(context, origins_, from.c, to.c);
  }
  std::swap(encoded_states_, next_states_);
}

int64_t Seq2SeqNetwork::bytes(const Seq2SeqShape& shape, const Seq2SeqRoom& room) {
  const int64_t arrays = room.training ? 4 : 1, rows = target_rows(room);
  const int64_t vectors = (room.training ? 3 : 2) * rows * shape.dimensions;
  const int64_t states = 16 * shape.layers * room.texts * shape.units;
  const int64_t numbers =
      arrays * seq2seq_parameters(shape) + vectors + states + chunk_of(shape, room) * shape.vocabulary + 8 * rows;
  return numbers * static_cast<int64_t>(sizeof(float)) + AttentiveOutput::bytes(shape, room) +
         LstmStack::bytes(shape.dimensions, shape.layers, shape.units, source_room(room), room.training) +
         LstmStack::bytes(shape.dimensions, shape.layers, shape.units, target_room(room), room.training);
}

}  // namespace matinee::engine
