#include "kernels/neural_cf/forward_cpu.h"

#include <algorithm>

#include "kernels/neural_cf/row_loops_cpu.h"

namespace matinee::neural_cf {

ChunkActivations::ChunkActivations(const NetworkShape& shape) {
  const auto rows = [](int64_t width) { return Rows{Buffer<float>(kChunk * width), width}; };
  for (int64_t layer = 1; layer < shape.layers; ++layer) layers.push_back(rows(shape.width(layer)));
  features = rows(shape.features());
}

void ForwardCpu::assign(const float* dense) {
  dense_ = dense;
  const auto matrix = [&](int64_t begin, int64_t rows, int64_t columns) {
    return MatrixView<const float>{dense + begin, rows, columns, columns};
  };
  if (!shape_.has_tower()) return;
  const int64_t width = shape_.embedding();
  user_half_.pack(dense::transposed(matrix(shape_.user_half(), width, width)));
  item_half_.pack(dense::transposed(matrix(shape_.item_half(), width, width)));
  for (int64_t layer = 2; layer <= shape_.layers; ++layer) {
    layers_[static_cast<std::size_t>(layer - 1)].pack(
        dense::transposed(matrix(shape_.weights(layer), shape_.width(layer), shape_.width(layer - 1))));
  }
}

void ForwardCpu::user_halves(const MatrixView<const float>& rows, const MatrixView<float>& halves,
                             dense::GemmScratch& scratch) const {
  dense::multiply(dense::as_is(columns_of(rows, shape_.product(), shape_.row())), user_half_, false, halves, scratch);
}

void ForwardCpu::item_halves(const MatrixView<const float>& rows, const MatrixView<float>& halves,
                             dense::GemmScratch& scratch) const {
  dense::multiply(dense::as_is(columns_of(rows, shape_.product(), shape_.row())), item_half_,
                  {dense_ + shape_.first_bias(), 0}, halves, scratch, 0, item_half_.panels());
}

void ForwardCpu::run(const Side& users, const Side& items, int64_t count, ChunkActivations& chunk, float* x) const {
  const MatrixView<float> features = chunk.features.view(count);
  const int64_t product = shape_.product();
  if (shape_.has_product()) {
    multiply_rows(users.rows, users.numbers, items.rows, items.numbers, columns_of(features, 0, product));
  }
  if (shape_.has_tower()) {
    const MatrixView<float> top = columns_of(features, product, shape_.features());
    const auto output_of = [&](int64_t layer) { return layer == shape_.layers ? top : chunk.layer(layer, count); };
    join_halves(users.halves, users.numbers, items.halves, items.numbers, output_of(1));
    for (int64_t layer = 2; layer <= shape_.layers; ++layer) {
      dense::multiply(dense::as_is(output_of(layer - 1)), layers_[static_cast<std::size_t>(layer - 1)], false,
                      output_of(layer), chunk.scratch);
      add_bias_and_relu(dense_ + shape_.bias(layer), output_of(layer));
    }
  }
  output_unit(features, dense_ + shape_.output(), dense_[shape_.output_bias()], x);
}

}  // namespace matinee::neural_cf
