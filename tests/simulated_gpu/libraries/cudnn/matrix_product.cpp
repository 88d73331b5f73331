#include "libraries/cudnn/matrix_product.h"

#include <algorithm>
#include <cstring>

namespace simulated_gpu::cudnn {
namespace {

using Four [[gnu::vector_size(32)]] = double;

Four load_four(const double* values) {
  Four four;
  std::memcpy(&four, values, sizeof four);
  return four;
}

// kRows rows of A times one panel: the sums stay in registers.
template <int kRows>
void add_rows(const double* a, const double* panel, int64_t k, double* c, int64_t n, int64_t columns) {
  Four sums[kRows][2] = {};
  for (int64_t l = 0; l < k; ++l) {
    const Four left = load_four(panel + l * Panels::kWidth), right = load_four(panel + l * Panels::kWidth + 4);
    for (int row = 0; row < kRows; ++row) {
      sums[row][0] += a[row * k + l] * left;
      sums[row][1] += a[row * k + l] * right;
    }
  }
  for (int row = 0; row < kRows; ++row) {
    for (int64_t j = 0; j < columns; ++j) c[row * n + j] += sums[row][j / 4][j % 4];
  }
}

}  // namespace

void add_product(int64_t m, const double* a, const Panels& b, double* c) {
  for (int64_t number = 0; number < b.panels(); ++number) {
    const int64_t first = number * Panels::kWidth, columns = std::min(Panels::kWidth, b.n() - first);
    int64_t i = 0;
    for (; i + 4 <= m; i += 4) {
      add_rows<4>(a + i * b.k(), b.panel(number), b.k(), c + i * b.n() + first, b.n(), columns);
    }
    for (; i < m; ++i) add_rows<1>(a + i * b.k(), b.panel(number), b.k(), c + i * b.n() + first, b.n(), columns);
  }
}

}  // namespace simulated_gpu::cudnn
