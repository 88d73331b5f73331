#include <array>
#include <functional>

#include "kernels/factorization/squared_norm.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization {
namespace {

template <typename T>
[[gnu::always_inline]] inline double norm_as(const StoredMatrix& matrix, int64_t begin, int64_t end) {
  double sums[kNormLanes] = {};
  for (int64_t row = begin; row < end; ++row) {
    const T* values = matrix.row<T>(row);
    int64_t column = 0;
    for (; column + kNormLanes <= matrix.columns; column += kNormLanes) {
      for (int64_t lane = 0; lane < kNormLanes; ++lane) {
        const double value = static_cast<double>(widen(values[column + lane]));
        sums[lane] += value * value;
      }
    }
    for (int64_t lane = 0; column + lane < matrix.columns; ++lane) {
      const double value = static_cast<double>(widen(values[column + lane]));
      sums[lane] += value * value;
    }
  }
  double sum = 0;
  for (const double lane : sums) sum += lane;
  return sum;
}

MATINEE_MULTIVERSION
double norm_of_rows(const StoredMatrix& matrix, int64_t begin, int64_t end) {
  if (matrix.storage == Storage::kFp16) return norm_as<Fp16>(matrix, begin, end);
  if (matrix.storage == Storage::kBf16) return norm_as<Bf16>(matrix, begin, end);
  return norm_as<float>(matrix, begin, end);
}

}  // namespace

double squared_norm_cpu(Context& context, const StoredMatrix& matrix) {
  std::array<double, kNormBlocks> sums;
  const auto work = [&](int64_t block, int) {
    sums[static_cast<std::size_t>(block)] =
        norm_of_rows(matrix, norm_block_begin(matrix.rows, block), norm_block_begin(matrix.rows, block + 1));
  };
  context.pool().run(kNormBlocks, std::cref(work));
  double sum = 0;
  for (const double block : sums) sum += block;
  return sum;
}

}  // namespace matinee::factorization
