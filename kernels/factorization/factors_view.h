#pragma once

#include "kernels/support/matrix_view.h"

namespace matinee::factorization {

// The model x_ui = mean + b_u + c_i + p_u · q_i in training form. Rows of factors start at multiples of 64 bytes, are
// padded(factors) long and zero beyond the factors. Biases are fp32 even where factors are stored in fewer bits.
template <typename T, typename Bias = T>
struct FactorsView {
  MatrixView<T> user_factors;   // (users, padded)
  MatrixView<T> item_factors;   // (items, padded)
  Bias* user_biases = nullptr;  // (users)
  Bias* item_biases = nullptr;  // (items)
  float mean = 0;

  operator FactorsView<const T, const Bias>() const requires(!std::is_const_v<T>) {
    return {user_factors, item_factors, user_biases, item_biases, mean};
  }
};

}  // namespace matinee::factorization
