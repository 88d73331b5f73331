#include <algorithm>

#include "kernels/dense/bias.h"

namespace matinee::dense {
namespace {

constexpr int64_t kColumnsAtOnce = 256;  // whose sums stay in the first level of cache
constexpr int64_t kRowsAhead = 4;        // that are on their way while one is added

}  // namespace

void fill_rows_cpu(Context&, const float* row, const MatrixView<float>& matrix) {
  for (int64_t n = 0; n < matrix.rows; ++n) std::copy_n(row, matrix.columns, matrix.row(n));
}

void add_column_sums_cpu(Context& context, const MatrixView<const float>& matrix, float* sums) {
  parallel_blocks(context, matrix.columns, kColumnsAtOnce, [&](int64_t begin, int64_t end, int) {
    const int64_t columns = end - begin;
    float piece[kColumnsAtOnce];
    for (int64_t top = 0; top < matrix.rows; top += kSummedRows) {
      std::copy_n(matrix.row(top) + begin, columns, piece);
      const int64_t bottom = std::min(top + kSummedRows, matrix.rows);
      for (int64_t row = top + 1; row < bottom; ++row) {
        const float* numbers = matrix.row(row) + begin;
        if (row + kRowsAhead < matrix.rows) {
          const float* later = matrix.row(row + kRowsAhead) + begin;
          for (int64_t column = 0; column < columns; column += 16) __builtin_prefetch(later + column);
        }
        for (int64_t column = 0; column < columns; ++column) piece[column] += numbers[column];
      }
      for (int64_t column = 0; column < columns; ++column) sums[begin + column] += piece[column];
    }
  });
}

}  // namespace matinee::dense
