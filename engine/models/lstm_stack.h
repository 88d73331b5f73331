#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "kernels/seq2seq/dropout.h"
#include "kernels/seq2seq/lstm_layer.h"
#include "kernels/seq2seq/packed_batch.h"
#include "kernels/support/array.h"
#include "kernels/support/context.h"

namespace matinee::engine {

// h and c of every layer of a stack, in the memory of the device.
class LstmStates {
 public:
  LstmStates() = default;
  LstmStates(Context& context, int64_t layers, int64_t sequences, int64_t units);

  seq2seq::LstmState<float> layer(int64_t number, int64_t sequences);
  seq2seq::LstmState<const float> layer(int64_t number, int64_t sequences) const;

 private:
  int64_t layer_size_ = 0, units_ = 0;
  Array<float> h_, c_;  // (layers × sequences × units)
};

// Dropout between layers in one step of training.
struct LayerDropout {
  uint64_t seed = 0, step = 0;
  int side = 0;  // masks of two stacks in one step differ
  float rate = 0;

  seq2seq::DropoutMask mask(int64_t layer, int64_t layers) const;
};

// Layers of LSTM, one on top of the other, and what a batch needs in them.
class LstmStack {
 public:
  LstmStack(Context& context, int64_t inputs, int64_t layers, int64_t units, const seq2seq::LstmRoom& room,
            bool training);

  int64_t layers() const { return static_cast<int64_t>(layers_.size()); }
  int64_t units() const { return units_; }
  const seq2seq::LstmLayer& layer(int64_t number) const { return *layers_[static_cast<std::size_t>(number)]; }

  // parameters[L]: of layer L. `initial` null: zeros. `dropout` null: none is dropped and backward() is not called.
  // output() is then h of the top layer at every step, `last` the final states.
  void forward(Context& context, const seq2seq::PackedBatch& batch, const std::vector<const float*>& parameters,
               const MatrixView<const float>& x, const LstmStates* initial, LstmStates& last,
               const LayerDropout* dropout);
  MatrixView<const float> output(int64_t rows) const;

  // After forward() with dropout and the same operands. d_output() holds the gradient of the output, and is written
  // over; `d_last` null: zeros; `d_initial` null: not wanted. Adds to gradients[L], writes dx.
  void backward(Context& context, const seq2seq::PackedBatch& batch, const std::vector<const float*>& parameters,
                const MatrixView<const float>& x, const LstmStates* initial, const LstmStates* d_last,
                LstmStates* d_initial, const LayerDropout& dropout, const std::vector<float*>& gradients,
                const MatrixView<float>& dx);
  MatrixView<float> d_output(int64_t rows);
  void clear_d_output(Context& context) { d_outputs_.clear(context); }

  // About what one holds in memory, in bytes.
  static int64_t bytes(int64_t inputs, int64_t layers, int64_t units, const seq2seq::LstmRoom& room, bool training);

 private:
  MatrixView<const float> input(int64_t layer, const MatrixView<const float>& x, bool training) const;
  MatrixView<float> rows_of(Array<float>& numbers, int64_t rows) const {
    return {numbers.data(), rows, units_, units_};
  }

  int64_t units_;
  std::vector<std::unique_ptr<seq2seq::LstmLayer>> layers_;
  std::vector<Array<float>> outputs_;  // by layer, (rows × units)
  std::vector<Array<float>> dropped_;  // of every layer but the top one, in training
  Array<float> d_outputs_, d_inputs_;  // (rows × units)
};

}  // namespace matinee::engine
