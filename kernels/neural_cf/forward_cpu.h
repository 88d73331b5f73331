#pragma once

#include <vector>

#include "kernels/dense/gemm_cpu.h"
#include "kernels/neural_cf/network_shape.h"
#include "kernels/support/buffer.h"
#include "kernels/support/matrix_view.h"

namespace matinee::neural_cf {

inline constexpr int64_t kChunk = 128;  // examples whose activations stay in cache

// The activations of up to kChunk examples, and scratch space of one thread.
struct ChunkActivations {
  explicit ChunkActivations(const NetworkShape& shape);

  // Of layer 1 … layers-1 of the tower.
  MatrixView<float> layer(int64_t number, int64_t count) {
    return layers[static_cast<std::size_t>(number - 1)].view(count);
  }

  struct Rows {
    Buffer<float> numbers;
    int64_t width;
    MatrixView<float> view(int64_t count) { return {numbers.data(), count, width, width}; }
  };
  std::vector<Rows> layers;
  Rows features;  // product and last layer of the tower
  dense::GemmScratch scratch;
};

// What the network makes of pairs of rows. The rows' first layer is computed once a row, not once a pair.
class ForwardCpu {
 public:
  explicit ForwardCpu(const NetworkShape& shape) : shape_(shape), layers_(static_cast<std::size_t>(shape.layers)) {}

  // Takes the dense parameters over, which must stay until the last call of the others.
  void assign(const float* dense);

  // halves (rows × embedding) = the users' or the items' part of the first layer, with the bias in the latter, of
  // `rows` (… × row()).
  void user_halves(const MatrixView<const float>& rows, const MatrixView<float>& halves,
                   dense::GemmScratch& scratch) const;
  void item_halves(const MatrixView<const float>& rows, const MatrixView<float>& halves,
                   dense::GemmScratch& scratch) const;

  struct Side {
    MatrixView<const float> rows, halves;
    const int32_t* numbers;  // (count): the row of each pair
  };
  // x[n] = log odds of pair n < count <= kChunk; leaves the activations.
  void run(const Side& users, const Side& items, int64_t count, ChunkActivations& chunk, float* x) const;

 private:
  NetworkShape shape_;
  const float* dense_ = nullptr;
  dense::PackedMatrix user_half_, item_half_;
  std::vector<dense::PackedMatrix> layers_;  // from 2 on, at number - 1
};

// Columns begin … end-1 of a matrix.
template <typename T>
MatrixView<T> columns_of(const MatrixView<T>& matrix, int64_t begin, int64_t end) {
  return {matrix.data + begin, matrix.rows, end - begin, matrix.stride};
}

template <typename T>
MatrixView<T> rows_of(const MatrixView<T>& matrix, int64_t begin, int64_t end) {
  return {matrix.row(begin), end - begin, matrix.columns, matrix.stride};
}

}  // namespace matinee::neural_cf
