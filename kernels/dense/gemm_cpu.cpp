#include "kernels/dense/gemm_cpu.h"

#include <algorithm>
#include <cstring>

#include "kernels/dense/gemm_tiles_cpu.h"

namespace matinee::dense {
namespace {

// A panel of B (width × kDepth) stays in the first level of cache while up to kMostRows rows of A (× kDepth), in the
// second, are multiplied with it.
constexpr int64_t kDepth = 256, kMostRows = 168;

// `count` in as few equal pieces of at most `most` as there can be: how long they are.
int64_t even_piece(int64_t count, int64_t most) {
  const int64_t pieces = (count + most - 1) / most;
  return (count + pieces - 1) / pieces;
}

template <typename T>
void require_size(Buffer<T>& buffer, int64_t size) {
  if (buffer.size() < size) buffer = Buffer<T>(size);
}

// Rows begin_row .. end_row-1 and columns begin .. end-1 of A in panels of `height` rows, zeros beyond the last row.
void pack_left(const GemmOperand& a, int64_t begin_row, int64_t end_row, int64_t begin, int64_t end, int64_t height,
               float* to) {
  for (int64_t top = begin_row; top < end_row; top += height) {
    const int64_t rows = std::min(height, end_row - top);
    const float* from = a.data + top * a.row_step + begin * a.column_step;
    for (int64_t k = begin; k < end; ++k, from += a.column_step, to += height) {
      int64_t row = 0;
      for (; row < rows; ++row) to[row] = from[row * a.row_step];
      for (; row < height; ++row) to[row] = 0;
    }
  }
}

// Rows `begin` .. `end`-1 of B with the rows of A that are packed in panels of `height` rows.
struct Slab {
  int64_t begin, end;
  int64_t top, bottom;  // rows of A
  int64_t height;
  const float* left;
  bool accumulate;
};

// A tile at the lower or right edge of C goes through `scratch`.
void multiply_edge(const GemmTile& tile, const Slab& slab, const float* a, const float* b, const MatrixView<float>& c,
                   int64_t top, int64_t left, float* scratch) {
  const int64_t rows = std::min(slab.height, slab.bottom - top);
  const int64_t columns = std::min<int64_t>(tile.columns, c.columns - left);
  const auto bytes = static_cast<std::size_t>(columns) * sizeof(float);
  for (int64_t row = 0; row < rows && slab.accumulate; ++row) {
    std::memcpy(scratch + row * tile.columns, c.row(top + row) + left, bytes);
  }
  tile.multiply[slab.height](slab.end - slab.begin, a, b, scratch, tile.columns, slab.accumulate);
  for (int64_t row = 0; row < rows; ++row) {
    std::memcpy(c.row(top + row) + left, scratch + row * tile.columns, bytes);
  }
}

void multiply_slab(const GemmTile& tile, const Slab& slab, const PackedMatrix& b, int64_t panel,
                   const MatrixView<float>& c, float* scratch) {
  const float* right = b.panel(panel) + slab.begin * tile.columns;
  const int64_t left = panel * tile.columns, depth = slab.end - slab.begin;
  for (int64_t row = slab.top; row < slab.bottom; row += slab.height) {
    const float* rows = slab.left + (row - slab.top) * depth;
    if (row + slab.height <= slab.bottom && left + tile.columns <= c.columns) {
      tile.multiply[slab.height](depth, rows, right, c.row(row) + left, c.stride, slab.accumulate);
    } else {
      multiply_edge(tile, slab, rows, right, c, row, left, scratch);
    }
  }
}

void clear(const MatrixView<float>& c, int64_t begin, int64_t end) {
  for (int64_t row = 0; row < c.rows; ++row) std::fill(c.row(row) + begin, c.row(row) + end, 0.0f);
}

}  // namespace

void PackedMatrix::pack(const GemmOperand& b) {
  rows_ = b.rows;
  columns_ = b.columns;
  width_ = gemm_tile().columns;
  require_size(numbers_, panels() * rows_ * width_);
  float* to = numbers_.data();
  for (int64_t left = 0; left < columns_; left += width_) {
    const int64_t columns = std::min(width_, columns_ - left);
    const float* from = b.data + left * b.column_step;
    for (int64_t row = 0; row < rows_; ++row, from += b.row_step, to += width_) {
      int64_t column = 0;
      if (b.column_step == 1) {
        std::memcpy(to, from, static_cast<std::size_t>(columns) * sizeof(float));
        column = columns;
      } else {
        for (; column < columns; ++column) to[column] = from[column * b.column_step];
      }
      for (; column < width_; ++column) to[column] = 0;
    }
  }
}

void multiply(const GemmOperand& a, const PackedMatrix& b, bool accumulate, const MatrixView<float>& c,
              GemmScratch& scratch, int64_t first_panel, int64_t end_panel) {
  if (a.rows == 0 || first_panel >= end_panel) return;
  const GemmTile& tile = gemm_tile();
  if (a.columns == 0 && !accumulate)
    clear(c, first_panel * tile.columns, std::min(end_panel * tile.columns, c.columns));
  const int64_t slab_rows = even_piece(a.rows, kMostRows), height = even_piece(slab_rows, tile.most_rows);
  require_size(scratch.left, (slab_rows + height) * kDepth);
  require_size(scratch.tile, kMostTileRows * kMostTileColumns);
  for (int64_t begin = 0; begin < a.columns; begin += kDepth) {
    const int64_t end = std::min(begin + kDepth, a.columns);
    for (int64_t top = 0; top < a.rows; top += slab_rows) {
      const int64_t bottom = std::min(top + slab_rows, a.rows);
      pack_left(a, top, bottom, begin, end, height, scratch.left.data());
      const Slab slab = {begin, end, top, bottom, height, scratch.left.data(), accumulate || begin > 0};
      for (int64_t panel = first_panel; panel < end_panel; ++panel) {
        multiply_slab(tile, slab, b, panel, c, scratch.tile.data());
      }
    }
  }
}

void multiply(const GemmOperand& a, const PackedMatrix& b, bool accumulate, const MatrixView<float>& c,
              GemmScratch& scratch) {
  multiply(a, b, accumulate, c, scratch, 0, b.panels());
}

}  // namespace matinee::dense
