#include "engine/models/adaptive_priors.h"

#include <algorithm>
#include <cmath>

namespace matinee::engine {
namespace {

std::vector<int64_t> row_sizes(SparseView rows) {
  std::vector<int64_t> sizes;
  sizes.reserve(static_cast<std::size_t>(rows.rows));
  for (int32_t row = 0; row < rows.rows; ++row) sizes.push_back(rows.row_size(row));
  return sizes;
}

// Of the rows with ratings.
struct SideSums {
  double squares = 0;     // Σ ‖p‖²
  double per_rating = 0;  // Σ n ‖p‖²
};

SideSums sums(MatrixView<const float> factors, const std::vector<int64_t>& counts) {
  SideSums result;
  for (int64_t row = 0; row < factors.rows; ++row) {
    const int64_t count = counts[static_cast<std::size_t>(row)];
    if (count == 0) continue;
    double squares = 0;
    for (int64_t k = 0; k < factors.columns; ++k) {
      const double value = static_cast<double>(factors.row(row)[k]);
      squares += value * value;
    }
    result.squares += squares;
    result.per_rating += static_cast<double>(count) * squares;
  }
  return result;
}

double bias_squares(const float* biases, const std::vector<int64_t>& counts) {
  double squares = 0;
  for (std::size_t row = 0; row < counts.size(); ++row) {
    if (counts[row] > 0) squares += static_cast<double>(biases[row]) * static_cast<double>(biases[row]);
  }
  return squares;
}

// Numbers that the ratings determine, one a row; `signal`: what one rating adds to s.
double determined(const std::vector<int64_t>& counts, double signal, double penalty) {
  double number = 0;
  for (const int64_t count : counts) {
    const double s = static_cast<double>(count) * signal;
    if (s > 0) number += s / (s + penalty);
  }
  return number;
}

// Half way, in logarithms, from `now` to the estimate. Where nothing has been learnt a variance stays.
double towards(double squares, double number, double now) {
  const double estimate = squares / number;
  return std::isfinite(estimate) && estimate > 0 ? std::sqrt(now * estimate) : now;
}

}  // namespace

AdaptivePriors::AdaptivePriors(SparseView by_user, SparseView by_item)
    : user_counts_(row_sizes(by_user)), item_counts_(row_sizes(by_item)), ratings_(by_user.size()) {}

PriorVariances AdaptivePriors::steady(PriorVariances variances, double learning_rate) {
  const double least = 2 * learning_rate * variances.noise;
  for (double* variance : {&variances.user, &variances.item, &variances.bias}) *variance = std::max(*variance, least);
  return variances;
}

PriorVariances AdaptivePriors::estimate(const PriorVariances& now, double squared_errors, int64_t factors, bool biases,
                                        const factorization::FactorsView<const float>& model) const {
  const SideSums users = sums(model.user_factors, user_counts_), items = sums(model.item_factors, item_counts_);
  const double per_number = static_cast<double>(ratings_) * static_cast<double>(factors);
  const double k = static_cast<double>(factors);
  const double user_numbers = k * determined(user_counts_, items.per_rating / per_number, now.noise / now.user);
  const double item_numbers = k * determined(item_counts_, users.per_rating / per_number, now.noise / now.item);
  const double bias_penalty = now.noise / now.bias;
  const double bias_numbers =
      biases ? determined(user_counts_, 1, bias_penalty) + determined(item_counts_, 1, bias_penalty) : 0;

  PriorVariances result = now;
  result.user = towards(users.squares, user_numbers, now.user);
  result.item = towards(items.squares, item_numbers, now.item);
  if (biases) {
    const double squares =
        bias_squares(model.user_biases, user_counts_) + bias_squares(model.item_biases, item_counts_);
    result.bias = towards(squares, bias_numbers, now.bias);
  }
  const double left = static_cast<double>(ratings_) - user_numbers - item_numbers - bias_numbers;
  result.noise = towards(squared_errors, std::max(left, 0.1 * static_cast<double>(ratings_)), now.noise);
  return result;
}

}  // namespace matinee::engine
