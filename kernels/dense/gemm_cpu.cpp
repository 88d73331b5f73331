#include "kernels/dense/gemm_cpu.h"

#include <algorithm>
#include <cstring>

#include "kernels/dense/gemm_tiles_cpu.h"

namespace matinee::dense {
namespace {

// A panel of B (width × kDepth) stays in the first level of cache while up to kMostRows rows of A (× kDepth), in the
// second, are multiplied with it.
constexpr int64_t kDepth = 256, kMostRows = 168;

constexpr int64_t kCopied = 16;       // numbers that are copied for up to 14
constexpr int64_t kCopiedAtOnce = 8;  // of a row of B

// `count` in as few equal pieces of at most `most` as there can be: how long they are.
int64_t even_piece(int64_t count, int64_t most) {
  return pieces(count, pieces(count, most));
}

template <typename T>
void require_size(Buffer<T>& buffer, int64_t size) {
  if (buffer.size() < size) buffer = Buffer<T>(size);
}

// Rows top .. top+height-1 and columns begin .. end-1 of A, column after column.
void pack_panel(const GemmOperand& a, int64_t top, int64_t height, int64_t begin, int64_t end, float* to) {
  const float* from = a.data + top * a.row_step + begin * a.column_step;
  // A transposed matrix: what follows in memory is copied too and then written over, which is one instruction.
  const bool whole = a.row_step == 1 && top + kCopied <= a.rows;
  for (int64_t k = begin; k < end; ++k, from += a.column_step, to += height) {
    if (whole) {
      std::memcpy(to, from, kCopied * sizeof(float));
    } else {
      for (int64_t row = 0; row < height; ++row) to[row] = from[row * a.row_step];
    }
  }
}

// Columns `begin` .. `end`-1 of A with rows `begin` .. `end`-1 of B, for rows top .. bottom-1 of A and C.
struct Slab {
  int64_t begin, end, top, bottom;
  int64_t height;     // of tiles but the last
  const float* left;  // packed panels of A; null: it is read in place
  bool accumulate;
};

// A tile at the right edge of C goes through `scratch`.
void multiply_edge(GemmTile::Multiply multiply, int width, const Slab& slab, const float* a, int64_t row_step,
                   int64_t rows, const float* b, const MatrixView<float>& c, int64_t top, int64_t left,
                   float* scratch) {
  const auto bytes = static_cast<std::size_t>(c.columns - left) * sizeof(float);
  for (int64_t row = 0; row < rows && slab.accumulate; ++row) {
    std::memcpy(scratch + row * width, c.row(top + row) + left, bytes);
  }
  multiply(slab.end - slab.begin, a, row_step, b, scratch, width, slab.accumulate);
  for (int64_t row = 0; row < rows; ++row) std::memcpy(c.row(top + row) + left, scratch + row * width, bytes);
}

void multiply_slab(const GemmTile& tile, const Slab& slab, const GemmOperand& a, const PackedMatrix& b, int64_t panel,
                   const MatrixView<float>& c, float* scratch) {
  const float* right = b.panel(panel) + slab.begin * tile.columns;
  const int64_t left = panel * tile.columns, depth = slab.end - slab.begin;
  const auto* multiply = slab.left == nullptr ? tile.in_place : tile.packed;
  for (int64_t row = slab.top; row < slab.bottom; row += slab.height) {
    const int64_t rows = std::min(slab.height, slab.bottom - row);
    const float* from =
        slab.left == nullptr ? a.data + row * a.row_step + slab.begin : slab.left + (row - slab.top) * depth;
    if (left + tile.columns <= c.columns) {
      multiply[rows](depth, from, a.row_step, right, c.row(row) + left, c.stride, slab.accumulate);
    } else {
      multiply_edge(multiply[rows], tile.columns, slab, from, a.row_step, rows, right, c, row, left, scratch);
    }
  }
}

void clear(const MatrixView<float>& c, int64_t begin, int64_t end) {
  for (int64_t row = 0; row < c.rows; ++row) std::fill(c.row(row) + begin, c.row(row) + end, 0.0f);
}

}  // namespace

void PackedMatrix::shape(const GemmOperand& b) {
  rows_ = b.rows;
  columns_ = b.columns;
  width_ = gemm_tile().columns;
  require_size(numbers_, panels() * rows_ * width_);
}

void PackedMatrix::pack(const GemmOperand& b, int64_t first_panel, int64_t end_panel) {
  float* to = numbers_.data() + first_panel * rows_ * width_;
  for (int64_t left = first_panel * width_; left < std::min(end_panel * width_, columns_); left += width_) {
    const int64_t columns = std::min(width_, columns_ - left);
    const float* from = b.data + left * b.column_step;
    for (int64_t row = 0; row < rows_; ++row, from += b.row_step, to += width_) {
      int64_t column = 0;
      if (b.column_step == 1) {
        for (; column + kCopiedAtOnce <= columns; column += kCopiedAtOnce) {
          std::memcpy(to + column, from + column, kCopiedAtOnce * sizeof(float));
        }
      }
      for (; column < columns; ++column) to[column] = from[column * b.column_step];
      for (; column < width_; ++column) to[column] = 0;
    }
  }
}

void PackedMatrix::pack(const GemmOperand& b) {
  shape(b);
  pack(b, 0, panels());
}

void multiply(const GemmOperand& a, const PackedMatrix& b, bool accumulate, const MatrixView<float>& c,
              GemmScratch& scratch, int64_t first_panel, int64_t end_panel) {
  if (a.rows == 0 || first_panel >= end_panel) return;
  const GemmTile& tile = gemm_tile();
  if (a.columns == 0 && !accumulate)
    clear(c, first_panel * tile.columns, std::min(end_panel * tile.columns, c.columns));
  const bool in_place = a.column_step == 1;
  const int64_t slab_rows = even_piece(a.rows, kMostRows), height = even_piece(slab_rows, tile.most_rows);
  if (!in_place) require_size(scratch.left, slab_rows * kDepth + kCopied);
  require_size(scratch.tile, kMostTileRows * kMostTileColumns);
  for (int64_t begin = 0; begin < a.columns; begin += kDepth) {
    const int64_t end = std::min(begin + kDepth, a.columns);
    for (int64_t top = 0; top < a.rows; top += slab_rows) {
      const int64_t bottom = std::min(top + slab_rows, a.rows);
      for (int64_t row = top; row < bottom && !in_place; row += height) {
        pack_panel(a, row, std::min(height, bottom - row), begin, end,
                   scratch.left.data() + (row - top) * (end - begin));
      }
      const Slab slab = {
          begin, end, top, bottom, height, in_place ? nullptr : scratch.left.data(), accumulate || begin > 0};
      for (int64_t panel = first_panel; panel < end_panel; ++panel) {
        multiply_slab(tile, slab, a, b, panel, c, scratch.tile.data());
      }
    }
  }
}

void multiply(const GemmOperand& a, const PackedMatrix& b, bool accumulate, const MatrixView<float>& c,
              GemmScratch& scratch) {
  multiply(a, b, accumulate, c, scratch, 0, b.panels());
}

}  // namespace matinee::dense
