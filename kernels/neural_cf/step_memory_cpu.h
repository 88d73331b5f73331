#pragma once

#include <algorithm>
#include <vector>

#include "kernels/dense/gemm_cpu.h"
#include "kernels/neural_cf/forward_cpu.h"
#include "kernels/neural_cf/network_shape.h"
#include "kernels/neural_cf/row_groups_cpu.h"
#include "kernels/support/buffer.h"
#include "kernels/support/grid.h"
#include "kernels/support/matrix_view.h"

// What a step of training on the CPU works in.
namespace matinee::neural_cf {

inline constexpr int64_t kMostParts = 32;  // sums that threads work at, then added up in their order

inline MatrixView<float> matrix(float* data, int64_t rows, int64_t columns) {
  return {data, rows, columns, columns};
}

// The users' or the items' side of a batch.
struct Side {
  Side(int64_t all, const NetworkShape& shape, int64_t most_examples)
      : groups(all, most_examples),
        rows(std::min(all, most_examples) * shape.row()),
        halves(std::min(all, most_examples) * shape.embedding()),
        row_width(shape.row()),
        half_width(shape.embedding()) {}

  MatrixView<float> rows_view() { return matrix(rows.data(), groups.different(), row_width); }
  MatrixView<float> halves_view() { return matrix(halves.data(), groups.different(), half_width); }
  ForwardCpu::Side forward(int64_t first) { return {rows_view(), halves_view(), groups.numbers() + first}; }

  RowGroups groups;
  Buffer<float> rows;    // (different, row): as they are before the step
  Buffer<float> halves;  // (different, embedding): of the first layer
  int64_t row_width, half_width;
};

// Blocks of kChunk, in as many parts of whole blocks as threads may share.
struct Parts {
  explicit Parts(int64_t count) : size(rounded_up(pieces(count, kMostParts), kChunk)), number(pieces(count, size)) {}
  int64_t size, number;
};

// What one thread needs.
struct Worker {
  explicit Worker(const NetworkShape& shape)
      : activations(shape), row_gradient(kChunk * shape.row()), half_gradient(kChunk * shape.embedding()) {
    for (int64_t layer = 2; layer <= shape.layers; ++layer) {
      gradients.emplace_back(kChunk * shape.width(layer));
    }
  }
  MatrixView<float> gradient(const NetworkShape& shape, int64_t layer, int64_t count) {
    return matrix(gradients[static_cast<std::size_t>(layer - 2)].data(), count, shape.width(layer));
  }

  ChunkActivations activations;
  std::vector<Buffer<float>> gradients;  // before the ReLU, of layer 2 …
  Buffer<float> row_gradient, half_gradient;
  dense::PackedMatrix packed;
};

}  // namespace matinee::neural_cf
