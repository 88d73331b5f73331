#include "kernels/dense/gemm_cpu.h"

#include <algorithm>
#include <cstring>

#include "kernels/dense/gemm_tiles_cpu.h"

namespace matinee::dense {
namespace {

// A panel of B (width × kDepth) stays in the first level of cache while up to kMostRows rows of A (× kDepth), in the
// second, are multiplied with it.
constexpr int64_t kDepth = 256, kMostRows = 168;

constexpr int64_t kCopied = 16;              // numbers that are copied for up to 14
constexpr int64_t kCopiedAtOnce = 8;         // of a row of B
constexpr int64_t kBlock = 4;                // rows and columns that change sides at once
constexpr int64_t kLine = 16;                // numbers of a line of the caches
constexpr int64_t kAhead = 4;                // columns of A that are on their way while one is packed
constexpr int64_t kNumbersPerTask = 20'000;  // packed

// `count` in as few equal pieces of at most `most` as there can be: how long they are.
int64_t even_piece(int64_t count, int64_t most) {
  return pieces(count, pieces(count, most));
}

template <typename T>
void require_size(Buffer<T>& buffer, int64_t size) {
  if (buffer.size() < size) buffer = Buffer<T>(size);
}

// Rows top .. bottom-1 and columns begin .. end-1 of A in panels of `height` rows, each column after column.
void pack_slab(const GemmOperand& a, int64_t top, int64_t bottom, int64_t height, int64_t begin, int64_t end,
               float* to) {
  for (int64_t k = begin; k < end; ++k) {
    const float* column = a.data + k * a.column_step;
    if (a.row_step == 1 && k + kAhead < end) {
      for (int64_t row = top; row < bottom; row += kLine) __builtin_prefetch(column + kAhead * a.column_step + row);
    }
    for (int64_t row = top; row < bottom; row += height) {
      const int64_t rows = std::min(height, bottom - row);
      const float* from = column + row * a.row_step;
      float* panel = to + (row - top) * (end - begin) + (k - begin) * rows;
      // A transposed matrix: what follows in memory is copied too and written over by later columns of the panel, which
      // is one instruction.
      if (a.row_step == 1 && row + kCopied <= a.rows && (end - k) * rows >= kCopied) {
        std::memcpy(panel, from, kCopied * sizeof(float));
      } else {
        for (int64_t n = 0; n < rows; ++n) panel[n] = from[n * a.row_step];
      }
    }
  }
}

// Columns left .. left+columns-1 of a matrix B whose columns lie one after the other in memory, and zeros up to
// `width`: blocks of 4 × 4 change sides in registers.
void pack_columns(const GemmOperand& b, int64_t left, int64_t columns, int64_t width, float* to) {
  using Four = float __attribute__((vector_size(16)));
  for (int64_t column = 0; column < columns; column += kBlock) {
    const float* from = b.data + (left + column) * b.column_step;
    const bool whole = column + kBlock <= columns && b.row_step == 1;
    int64_t row = 0;
    for (; whole && row + kBlock <= b.rows; row += kBlock) {
      Four in[kBlock];
      for (int64_t n = 0; n < kBlock; ++n) std::memcpy(&in[n], from + n * b.column_step + row, sizeof(Four));
      const Four low01 = __builtin_shufflevector(in[0], in[1], 0, 4, 1, 5);
      const Four low23 = __builtin_shufflevector(in[2], in[3], 0, 4, 1, 5);
      const Four high01 = __builtin_shufflevector(in[0], in[1], 2, 6, 3, 7);
      const Four high23 = __builtin_shufflevector(in[2], in[3], 2, 6, 3, 7);
      const Four out[kBlock] = {
          __builtin_shufflevector(low01, low23, 0, 1, 4, 5), __builtin_shufflevector(low01, low23, 2, 3, 6, 7),
          __builtin_shufflevector(high01, high23, 0, 1, 4, 5), __builtin_shufflevector(high01, high23, 2, 3, 6, 7)};
      for (int64_t n = 0; n < kBlock; ++n) std::memcpy(to + (row + n) * width + column, &out[n], sizeof(Four));
    }
    for (; row < b.rows; ++row) {
      for (int64_t n = 0; n < kBlock; ++n) {
        to[row * width + column + n] = column + n < columns ? from[n * b.column_step + row * b.row_step] : 0;
      }
    }
  }
  for (int64_t row = 0; row < b.rows; ++row) {
    std::fill(to + row * width + rounded_up(columns, kBlock), to + (row + 1) * width, 0.0f);
  }
}

// Columns `begin` .. `end`-1 of A with rows `begin` .. `end`-1 of B, for rows top .. bottom-1 of A and C.
struct Slab {
  int64_t begin, end, top, bottom;
  int64_t height;     // of tiles but the last
  const float* left;  // packed panels of A; null: it is read in place
  GemmStart start;    // of all of C
};

// Rows begin .. end-1 of C, of which the next tile writes so many columns.
void prefetch(const MatrixView<float>& c, int64_t begin, int64_t end, int64_t left, int64_t columns) {
  for (int64_t row = begin; row < end; ++row) {
    for (int64_t column = 0; column < columns; column += kLine) __builtin_prefetch(c.row(row) + left + column, 1);
  }
}

void multiply_slab(const GemmTile& tile, const Slab& slab, const GemmOperand& a, const PackedMatrix& b, int64_t panel,
                   const MatrixView<float>& c) {
  const float* right = b.panel(panel) + slab.begin * tile.most_columns;
  const int64_t left = panel * tile.most_columns, depth = slab.end - slab.begin;
  const auto columns = static_cast<int>(std::min<int64_t>(tile.most_columns, c.columns - left));
  const auto* multiply = slab.left == nullptr ? tile.in_place : tile.packed;
  for (int64_t row = slab.top; row < slab.bottom; row += slab.height) {
    const int64_t rows = std::min(slab.height, slab.bottom - row);
    const float* from =
        slab.left == nullptr ? a.data + row * a.row_step + slab.begin : slab.left + (row - slab.top) * depth;
    const int64_t next = row + rows;
    prefetch(c, next, std::min(next + slab.height, slab.bottom), left, columns);
    const GemmStart& whole = slab.start;
    const GemmStart start = {whole.data == nullptr ? nullptr : whole.data + row * whole.stride + left, whole.stride};
    multiply[rows](depth, from, a.row_step, right, start, c.row(row) + left, c.stride, columns);
  }
}

void put_start(const GemmStart& start, const MatrixView<float>& c, int64_t begin, int64_t end) {
  for (int64_t row = 0; row < c.rows; ++row) {
    for (int64_t column = begin; column < end; ++column) {
      c.row(row)[column] = start.data == nullptr ? 0 : start.data[row * start.stride + column];
    }
  }
}

}  // namespace

void PackedMatrix::shape(const GemmOperand& b) {
  rows_ = b.rows;
  columns_ = b.columns;
  width_ = gemm_tile().most_columns;
  require_size(numbers_, panels() * rows_ * width_);
}

void PackedMatrix::pack_rows(const GemmOperand& b, int64_t begin, int64_t end) {
  for (int64_t row = begin; row < end; ++row) {
    const float* from = b.data + row * b.row_step;
    for (int64_t panel = 0; panel < panels(); ++panel, from += width_) {
      const int64_t columns = std::min(width_, columns_ - panel * width_);
      float* to = numbers_.data() + (panel * rows_ + row) * width_;
      int64_t column = 0;
      for (; column + kCopiedAtOnce <= columns; column += kCopiedAtOnce) {
        std::memcpy(to + column, from + column, kCopiedAtOnce * sizeof(float));
      }
      for (; column < columns; ++column) to[column] = from[column];
      for (; column < width_; ++column) to[column] = 0;
    }
  }
}

void PackedMatrix::pack_panels(const GemmOperand& b, int64_t begin, int64_t end) {
  for (int64_t panel = begin; panel < end; ++panel) {
    const int64_t left = panel * width_;
    pack_columns(b, left, std::min(width_, columns_ - left), width_, numbers_.data() + panel * rows_ * width_);
  }
}

void PackedMatrix::pack(const GemmOperand& b) {
  shape(b);
  if (b.column_step == 1) {
    pack_rows(b, 0, rows_);
  } else {
    pack_panels(b, 0, panels());
  }
}

void PackedMatrix::pack(Context& context, const GemmOperand& b) {
  shape(b);
  const bool by_rows = b.column_step == 1;
  const int64_t count = by_rows ? rows_ : panels();
  const int64_t tasks = std::clamp<int64_t>(rows_ * columns_ / kNumbersPerTask, 1, context.threads());
  parallel_blocks(context, count, std::max<int64_t>(pieces(count, tasks), 1), [&](int64_t begin, int64_t end, int) {
    if (by_rows) {
      pack_rows(b, begin, end);
    } else {
      pack_panels(b, begin, end);
    }
  });
}

void multiply(const GemmOperand& a, const PackedMatrix& b, const GemmStart& start, const MatrixView<float>& c,
              GemmScratch& scratch, int64_t first_panel, int64_t end_panel) {
  if (a.rows == 0 || first_panel >= end_panel) return;
  const GemmTile& tile = gemm_tile();
  if (a.columns == 0) {
    put_start(start, c, first_panel * tile.most_columns, std::min(end_panel * tile.most_columns, c.columns));
  }
  const bool in_place = a.column_step == 1;
  const int64_t slab_rows = even_piece(a.rows, kMostRows), height = even_piece(slab_rows, tile.most_rows);
  if (!in_place) require_size(scratch.left, slab_rows * kDepth);
  for (int64_t begin = 0; begin < a.columns; begin += kDepth) {
    const int64_t end = std::min(begin + kDepth, a.columns);
    for (int64_t top = 0; top < a.rows; top += slab_rows) {
      const int64_t bottom = std::min(top + slab_rows, a.rows);
      if (!in_place) pack_slab(a, top, bottom, height, begin, end, scratch.left.data());
      const Slab slab = {begin,
                         end,
                         top,
                         bottom,
                         height,
                         in_place ? nullptr : scratch.left.data(),
                         begin > 0 ? GemmStart{c.data, c.stride} : start};
      for (int64_t panel = first_panel; panel < end_panel; ++panel) multiply_slab(tile, slab, a, b, panel, c);
    }
  }
}

void multiply(const GemmOperand& a, const PackedMatrix& b, bool accumulate, const MatrixView<float>& c,
              GemmScratch& scratch) {
  multiply(a, b, accumulate ? GemmStart{c.data, c.stride} : GemmStart{}, c, scratch, 0, b.panels());
}

}  // namespace matinee::dense
