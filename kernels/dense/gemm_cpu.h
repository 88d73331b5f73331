#pragma once

#include <cstdint>

#include "kernels/dense/gemm_tiles_cpu.h"
#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/grid.h"
#include "kernels/support/matrix_view.h"

namespace matinee::dense {

// A matrix read in place, or its transpose: element (i, j) lies at data[i * row_step + j * column_step].
struct GemmOperand {
  const float* data = nullptr;
  int64_t rows = 0, columns = 0;
  int64_t row_step = 0, column_step = 1;
};

inline GemmOperand as_is(const MatrixView<const float>& matrix) {
  return {matrix.data, matrix.rows, matrix.columns, matrix.stride, 1};
}
inline GemmOperand transposed(const MatrixView<const float>& matrix) {
  return {matrix.data, matrix.columns, matrix.rows, 1, matrix.stride};
}

// The right-hand side B (k × n) of products, in the order in which the innermost loop reads it: panels of as many
// columns as the registers of this machine hold, row after row, zeros beyond the last column. Packed once, it serves
// any number of products, of several threads at once.
class PackedMatrix {
 public:
  PackedMatrix() = default;
  // Keeps its memory from call to call where that suffices.
  void pack(const GemmOperand& b);
  // The same by all threads of the context, where there is enough for them.
  void pack(Context& context, const GemmOperand& b);

  int64_t rows() const { return rows_; }
  int64_t columns() const { return columns_; }
  const float* panel(int64_t number) const { return numbers_.data() + number * rows_ * width_; }
  int64_t panels() const { return width_ == 0 ? 0 : pieces(columns_, width_); }
  int64_t width() const { return width_; }

 private:
  void shape(const GemmOperand& b);
  // Rows begin .. end-1 of a matrix whose rows lie one after the other in memory.
  void pack_rows(const GemmOperand& b, int64_t begin, int64_t end);
  // Panels begin .. end-1 of any other.
  void pack_panels(const GemmOperand& b, int64_t begin, int64_t end);

  int64_t rows_ = 0, columns_ = 0, width_ = 0;
  Buffer<float> numbers_;
};

// Scratch space of one thread for multiply(); grows to some hundred kB.
struct GemmScratch {
  Buffer<float> left;
};

// C (m × n) = start + A (m × k) · B on the calling thread, for the panels first_panel .. end_panel-1 of B. Each element
// is the sum over k in rising order, one fused multiply-add each: the same bits on every machine and however the work
// is divided. 2 m n k flops. Empty operands are fine: with k = 0, C becomes the start.
void multiply(const GemmOperand& a, const PackedMatrix& b, const GemmStart& start, const MatrixView<float>& c,
              GemmScratch& scratch, int64_t first_panel, int64_t end_panel);
// C = A · B, or C += A · B.
void multiply(const GemmOperand& a, const PackedMatrix& b, bool accumulate, const MatrixView<float>& c,
              GemmScratch& scratch);

}  // namespace matinee::dense
