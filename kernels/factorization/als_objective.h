#pragma once

#include <cmath>
#include <cstdint>

namespace matinee::factorization {

// What implicit-feedback alternating least squares minimises (Hu, Koren and Volinsky, ICDM 2008, in the form of Rendle,
// Krichene, Zhang and Koren, "Revisiting the performance of iALS on item recommendation benchmarks", 2021). Each
// training rating is a positive, whatever its level; x_ui = w_u · h_i:
//   Σ_(u,i) rated (1 - x_ui)² + α0 Σ_(all u,i) x_ui² + Σ_u penalty(n_u, items) ‖w_u‖² + Σ_i penalty(n_i, users) ‖h_i‖²
struct AlsObjective {
  double unobserved_weight = 0.1;      // α0
  double regularization = 0.003;       // λ
  double regularization_exponent = 1;  // ν: 1 holds a row by its share of the data, 0 holds all rows alike

  // λ (n + α0 m)^ν of a row with n ratings, m rows being on the other side.
  double penalty(int64_t ratings, int64_t others) const {
    const double weight = static_cast<double>(ratings) + unobserved_weight * static_cast<double>(others);
    return regularization * std::pow(weight, regularization_exponent);
  }
};

}  // namespace matinee::factorization
