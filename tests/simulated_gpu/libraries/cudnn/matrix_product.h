#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace simulated_gpu::cudnn {

// A k x n matrix of doubles in panels of eight columns, the last filled up with zeros.
class Panels {
 public:
  static constexpr int64_t kWidth = 8;

  // Element (l, j) is element(l, j).
  template <typename Element>
  Panels(int64_t k, int64_t n, Element element) : k_(k), n_(n), values_(size_t(panels() * k * kWidth), 0.0) {
    for (int64_t j = 0; j < n; ++j) {
      double* column = values_.data() + j / kWidth * k * kWidth + j % kWidth;
      for (int64_t l = 0; l < k; ++l) column[l * kWidth] = element(l, j);
    }
  }

  int64_t k() const { return k_; }
  int64_t n() const { return n_; }
  int64_t panels() const { return (n_ + kWidth - 1) / kWidth; }
  const double* panel(int64_t number) const { return values_.data() + number * k_ * kWidth; }

 private:
  int64_t k_, n_;
  std::vector<double> values_;
};

// C (m x n) += A (m x k) B, both row by row without gaps. Each sum goes over k in order.
void add_product(int64_t m, const double* a, const Panels& b, double* c);

}  // namespace simulated_gpu::cudnn
