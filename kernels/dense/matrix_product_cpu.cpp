#include <algorithm>
#include <vector>

#include "kernels/dense/gemm_cpu.h"
#include "kernels/dense/matrix_product.h"

namespace matinee::dense {
namespace {

// Fewer flops than these are not worth waking a thread for.
constexpr int64_t kFlopsPerTask = 2'000'000;

GemmOperand operand(const Factor& factor) {
  return factor.transposed ? transposed(factor.matrix) : as_is(factor.matrix);
}

MatrixView<float> rows_of(const MatrixView<float>& c, int64_t begin, int64_t end) {
  return {c.row(begin), end - begin, c.columns, c.stride};
}

GemmOperand rows_of(const GemmOperand& a, int64_t begin, int64_t end) {
  return {a.data + begin * a.row_step, end - begin, a.columns, a.row_step, a.column_step};
}

// What a thread keeps from call to call: training multiplies matrices of the same few shapes all the time.
GemmScratch& scratch_of_thread() {
  static thread_local GemmScratch scratch;
  return scratch;
}

PackedMatrix& packed_of_thread() {
  static thread_local PackedMatrix packed;
  return packed;
}

void product_from(Context& context, const Factor& a, const Factor& b, const GemmStart& start,
                  const MatrixView<float>& c) {
  const GemmOperand left = operand(a);
  PackedMatrix& right = packed_of_thread();
  right.pack(context, operand(b));
  const bool by_rows = c.rows >= c.columns;
  const int64_t flops = 2 * c.rows * c.columns * a.columns();
  const int64_t tasks = std::clamp<int64_t>(flops / kFlopsPerTask, 1, context.threads());
  const int64_t count = by_rows ? c.rows : right.panels();
  parallel_blocks(context, count, pieces(count, tasks), [&](int64_t begin, int64_t end, int) {
    if (by_rows) {
      const GemmStart rows = {start.data == nullptr ? nullptr : start.data + begin * start.stride, start.stride};
      multiply(rows_of(left, begin, end), right, rows, rows_of(c, begin, end), scratch_of_thread(), 0, right.panels());
    } else {
      multiply(left, right, start, c, scratch_of_thread(), begin, end);
    }
  });
}

}  // namespace

void matrix_product_cpu(Context& context, const Factor& a, const Factor& b, bool accumulate,
                        const MatrixView<float>& c) {
  product_from(context, a, b, accumulate ? GemmStart{c.data, c.stride} : GemmStart{}, c);
}

void matrix_product_plus_row_cpu(Context& context, const Factor& a, const Factor& b, const float* row,
                                 const MatrixView<float>& c) {
  product_from(context, a, b, {row, 0}, c);
}

}  // namespace matinee::dense
