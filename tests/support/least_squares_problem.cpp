#include "tests/support/least_squares_problem.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Dense>

#include "kernels/factorization/padded.h"
#include "kernels/support/philox.h"

namespace matinee::test {
namespace {

constexpr int32_t kEmptyEvery = 7;

engine::Ratings ratings_with_gaps(int32_t users, int32_t items, double density, uint64_t seed) {
  engine::Ratings kept = random_ratings(users, items, density, seed);
  const engine::Ratings all = kept;
  kept.users.clear();
  kept.items.clear();
  kept.levels.clear();
  for (std::size_t n = 0; n < all.users.size(); ++n) {
    if (all.users[n] % kEmptyEvery == 3 || all.items[n] % kEmptyEvery == 5) continue;
    kept.users.push_back(all.users[n]);
    kept.items.push_back(all.items[n]);
    kept.levels.push_back(all.levels[n]);
  }
  return kept;
}

Buffer<float> random_rows(int64_t rows, int64_t factors, int64_t stride, const Philox& draws) {
  Buffer<float> values(rows * stride);
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t k = 0; k < factors; ++k) {
      values[row * stride + k] = static_cast<float>(draws.uniform(static_cast<uint64_t>(row * factors + k)) - 0.4);
    }
  }
  return values;
}

Eigen::MatrixXd as_matrix(const MatrixView<const float>& view) {
  Eigen::MatrixXd matrix(view.rows, view.columns);
  for (int64_t row = 0; row < view.rows; ++row) {
    for (int64_t k = 0; k < view.columns; ++k) matrix(row, k) = static_cast<double>(view(row, k));
  }
  return matrix;
}

Buffer<double> textbook_gram(const MatrixView<const float>& view) {
  const Eigen::MatrixXd matrix = as_matrix(view), gram = matrix.transpose() * matrix;
  Buffer<double> values(view.columns * view.columns);
  for (int64_t row = 0; row < view.columns; ++row) {
    for (int64_t k = 0; k < view.columns; ++k) values[row * view.columns + k] = gram(row, k);
  }
  return values;
}

double penalties(SparseView ratings, const Eigen::MatrixXd& rows, const factorization::AlsObjective& objective) {
  double sum = 0;
  for (int32_t row = 0; row < ratings.rows; ++row) {
    const double weight =
        static_cast<double>(ratings.row_size(row)) + objective.unobserved_weight * static_cast<double>(ratings.columns);
    sum += objective.regularization * std::pow(weight, objective.regularization_exponent) * rows.row(row).squaredNorm();
  }
  return sum;
}

}  // namespace

LeastSquaresProblem::LeastSquaresProblem(int32_t users, int32_t items, int64_t factor_count, double density,
                                         uint64_t seed)
    : data(ratings_with_gaps(users, items, density, seed)),
      factors(factor_count),
      stride(factorization::padded(factor_count)),
      user_factors(random_rows(users, factors, stride, Philox(seed, 97))),
      item_factors(random_rows(items, factors, stride, Philox(seed, 96))),
      user_gram(textbook_gram(this->users())),
      item_gram(textbook_gram(this->items())) {
  objective.unobserved_weight = 0.3;
  objective.regularization = 0.05;
  objective.regularization_exponent = 0.8;
}

factorization::AlsSweep LeastSquaresProblem::sweep() const {
  return {data.by_user.view(), items(), item_gram.data(), factors, objective};
}

std::vector<double> LeastSquaresProblem::solution(int32_t user) const {
  const Eigen::MatrixXd fixed = as_matrix(items()).leftCols(factors);
  const auto rated = data.by_user.view().row_indices(user);
  Eigen::MatrixXd system = objective.unobserved_weight * fixed.transpose() * fixed;
  Eigen::VectorXd right = Eigen::VectorXd::Zero(factors);
  for (const int32_t item : rated) {
    system += fixed.row(item).transpose() * fixed.row(item);
    right += fixed.row(item).transpose();
  }
  const double weight =
      static_cast<double>(rated.size()) + objective.unobserved_weight * static_cast<double>(fixed.rows());
  system.diagonal().array() += objective.regularization * std::pow(weight, objective.regularization_exponent);
  const Eigen::VectorXd solved = system.fullPivLu().solve(right);
  return {solved.data(), solved.data() + factors};
}

double LeastSquaresProblem::loss() const {
  const Eigen::MatrixXd w = as_matrix(users()), h = as_matrix(items()), scores = w * h.transpose();
  const SparseView by_user = data.by_user.view();
  double sum = objective.unobserved_weight * scores.squaredNorm();
  for (int32_t user = 0; user < by_user.rows; ++user) {
    for (const int32_t item : by_user.row_indices(user)) sum += std::pow(1 - scores(user, item), 2);
  }
  return sum + penalties(by_user, w, objective) + penalties(data.by_item.view(), h, objective);
}

double largest_error(const LeastSquaresProblem& problem, const Buffer<float>& solved) {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  double largest = 0;
  for (int32_t user = 0; user < problem.data.ratings.user_count; ++user) {
    const std::vector<double> expected = problem.solution(user);
    const float* row = solved.data() + user * problem.stride;
    double squares = 0, norm = 0;
    for (int64_t k = 0; k < problem.stride; ++k) {
      const double wanted = k < problem.factors ? expected[static_cast<std::size_t>(k)] : 0;
      if (k >= problem.factors && row[k] != 0) return kInfinite;
      squares += std::pow(static_cast<double>(row[k]) - wanted, 2);
      norm += wanted * wanted;
    }
    const double error = squares == 0 ? 0 : std::sqrt(squares / norm);  // no norm: no row differs from zero
    largest = std::max(largest, std::isfinite(error) ? error : kInfinite);
  }
  return largest;
}

}  // namespace matinee::test
