#include "kernels/dense/sweep.h"

#include "kernels/dense/sweep_cpu.h"
#include "kernels/support/error.h"

namespace matinee::dense {

void sweep(Context& context, MatrixView<float> matrix, int64_t first, int64_t count) {
  if (matrix.rows != matrix.columns || matrix.stride < matrix.columns) {
    fail(ErrorKind::kConfig, "sweep of a matrix of {} × {} with stride {}", matrix.rows, matrix.columns, matrix.stride);
  }
  if (first < 0 || count < 0 || count > kMostPivots || first + count > matrix.rows) {
    fail(ErrorKind::kConfig, "sweep of pivots {} to {} of a matrix of {} rows", first, first + count - 1, matrix.rows);
  }
  if (count > 0) sweep_cpu(context, matrix, first, count);
}

int64_t sweep_bytes(int64_t rows, int threads) {
  constexpr int64_t kPanels = 3, kPerThread = 1 << 20;  // of pivots' columns: as they were, swept, packed
  return kPanels * rows * kMostPivots * static_cast<int64_t>(sizeof(float)) + threads * kPerThread;
}

}  // namespace matinee::dense
