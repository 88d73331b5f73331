#include "engine/models/lstm_stack.h"

#include <utility>

#include "kernels/support/philox.h"

namespace matinee::engine {

LstmStates::LstmStates(Context& context, int64_t layers, int64_t sequences, int64_t units)
    : layer_size_(sequences * units),
      units_(units),
      h_(context, layers * sequences * units),
      c_(context, layers * sequences * units) {}

seq2seq::LstmState<float> LstmStates::layer(int64_t number, int64_t sequences) {
  return {{h_.data() + number * layer_size_, sequences, units_, units_},
          {c_.data() + number * layer_size_, sequences, units_, units_}};
}

seq2seq::LstmState<const float> LstmStates::layer(int64_t number, int64_t sequences) const {
  return {{h_.data() + number * layer_size_, sequences, units_, units_},
          {c_.data() + number * layer_size_, sequences, units_, units_}};
}

seq2seq::DropoutMask LayerDropout::mask(int64_t layer, int64_t layers) const {
  const auto count = static_cast<uint64_t>(layers);
  const uint64_t part = (step * 2 + static_cast<uint64_t>(side)) * count + static_cast<uint64_t>(layer);
  return {seed, stream_id(RandomStream::kDropout, part), rate};
}

LstmStack::LstmStack(Context& context, int64_t inputs, int64_t layers, int64_t units, const seq2seq::LstmRoom& room,
                     bool training)
    : units_(units) {
  const int64_t size = room.rows * units;
  for (int64_t layer = 0; layer < layers; ++layer) {
    layers_.push_back(seq2seq::make_lstm_layer(context, {layer == 0 ? inputs : units, units}, room, training));
    outputs_.emplace_back(context, size);
    if (training && layer + 1 < layers) dropped_.emplace_back(context, size);
  }
  if (!training) return;
  d_outputs_ = Array<float>(context, size);
  if (layers > 1) d_inputs_ = Array<float>(context, size);
}

MatrixView<const float> LstmStack::input(int64_t layer, const MatrixView<const float>& x, bool training) const {
  if (layer == 0) return x;
  const auto below = static_cast<std::size_t>(layer - 1);
  const Array<float>& numbers = training ? dropped_[below] : outputs_[below];
  return {numbers.data(), x.rows, units_, units_};
}

MatrixView<const float> LstmStack::output(int64_t rows) const {
  return {outputs_.back().data(), rows, units_, units_};
}

MatrixView<float> LstmStack::d_output(int64_t rows) {
  return rows_of(d_outputs_, rows);
}

void LstmStack::forward(Context& context, const seq2seq::PackedBatch& batch,
                        const std::vector<const float*>& parameters, const MatrixView<const float>& x,
                        const LstmStates* initial, LstmStates& last, const LayerDropout* dropout) {
  const bool training = dropout != nullptr;
  const int64_t sequences = batch.sequences();
  for (int64_t number = 0; number < layers(); ++number) {
    const auto index = static_cast<std::size_t>(number);
    seq2seq::LstmState<const float> start;
    if (initial != nullptr) start = initial->layer(number, sequences);
    const MatrixView<float> y = rows_of(outputs_[index], x.rows);
    layers_[index]->forward(context, batch, parameters[index], input(number, x, training), start, y,
                            last.layer(number, sequences), training);
    if (!training || number + 1 == layers()) continue;
    seq2seq::dropout(context, dropout->mask(number, layers()), y.data, dropped_[index].data(), x.rows * units_);
  }
}

void LstmStack::backward(Context& context, const seq2seq::PackedBatch& batch,
                         const std::vector<const float*>& parameters, const MatrixView<const float>& x,
                         const LstmStates* initial, const LstmStates* d_last, LstmStates* d_initial,
                         const LayerDropout& dropout, const std::vector<float*>& gradients,
                         const MatrixView<float>& dx) {
  const int64_t sequences = batch.sequences(), rows = x.rows;
  MatrixView<float> dy = rows_of(d_outputs_, rows), below = rows_of(d_inputs_, rows);
  for (int64_t number = layers() - 1; number >= 0; --number) {
    const auto index = static_cast<std::size_t>(number);
    seq2seq::LstmState<const float> start, d_end;
    seq2seq::LstmState<float> d_start;
    if (initial != nullptr) start = initial->layer(number, sequences);
    if (d_last != nullptr) d_end = d_last->layer(number, sequences);
    if (d_initial != nullptr) d_start = d_initial->layer(number, sequences);
    layers_[index]->backward(context, batch, parameters[index], input(number, x, true), start,
                             rows_of(outputs_[index], rows), dy, d_end, number == 0 ? dx : below, d_start,
                             gradients[index]);
    if (number == 0) return;
    seq2seq::dropout(context, dropout.mask(number - 1, layers()), below.data, below.data, rows * units_);
    std::swap(dy, below);
  }
}

int64_t LstmStack::bytes(int64_t inputs, int64_t layers, int64_t units, const seq2seq::LstmRoom& room, bool training) {
  // By row and layer: h, c, tanh c, four gates and, in training, their gradients and what was dropped.
  const int64_t per_row = units * (training ? 18 : 9);
  const int64_t states = room.sequences * units * 8;
  const int64_t weights = 2 * 4 * units * (2 * units + inputs);  // in the order that a product reads them
  return layers * (room.rows * per_row + states + weights) * static_cast<int64_t>(sizeof(float));
}

}  // namespace matinee::engine
