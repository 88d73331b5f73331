#pragma once

#include <cstdint>

#include "engine/models/seq2seq_parameters.h"
#include "engine/models/seq2seq_shape.h"
#include "kernels/seq2seq/attention.h"
#include "kernels/seq2seq/packed_batch.h"
#include "kernels/support/array.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::engine {

// What stands between decoder and vocabulary: attention of the decoder's outputs on those of the encoder, and
//   mixed = tanh(W_c [context; h] + b)   (Luong, Pham and Manning, EMNLP 2015)
class AttentiveOutput {
 public:
  AttentiveOutput(Context& context, const Seq2SeqShape& shape, const Seq2SeqRoom& room);

  // mixed() of every target step. `parameters`: the flat array of the layout.
  void forward(Context& context, const Seq2SeqLayout& layout, const float* parameters,
               const seq2seq::PackedBatch& source, const seq2seq::PackedBatch& target,
               const MatrixView<const float>& encoded, const MatrixView<const float>& decoded);
  MatrixView<float> mixed(int64_t rows) { return view(mixed_, rows); }

  // After forward() with the same operands and with d_mixed() filled in, which is written over: adds to `gradient`, a
  // flat array, writes d_decoded, adds to d_encoded.
  void backward(Context& context, const Seq2SeqLayout& layout, const float* parameters,
                const seq2seq::PackedBatch& source, const seq2seq::PackedBatch& target,
                const MatrixView<const float>& encoded, const MatrixView<const float>& decoded, float* gradient,
                const MatrixView<float>& d_encoded, const MatrixView<float>& d_decoded);
  MatrixView<float> d_mixed(int64_t rows) { return view(d_mixed_, rows); }

  static int64_t bytes(const Seq2SeqShape& shape, const Seq2SeqRoom& room);

 private:
  seq2seq::AttentionScore score() const;
  seq2seq::AttentionView<const float> operands(const Seq2SeqLayout& layout, const float* parameters,
                                               const MatrixView<const float>& encoded,
                                               const MatrixView<const float>& decoded) const;
  MatrixView<float> view(Array<float>& numbers, int64_t rows) const {
    return {numbers.data(), rows, shape_.units, shape_.units};
  }
  MatrixView<const float> view(const Array<float>& numbers, int64_t rows) const {
    return {numbers.data(), rows, shape_.units, shape_.units};
  }

  Seq2SeqShape shape_;
  Array<float> queries_, keys_;                             // where they are projected
  Array<float> weights_;                                    // (target rows × source steps)
  Array<float> contexts_, mixed_;                           // (target rows × units)
  Array<float> d_queries_, d_keys_, d_contexts_, d_mixed_;  // in training
};

}  // namespace matinee::engine
