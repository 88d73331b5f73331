#include "tests/support/naive_similarity.h"

#include <cmath>
#include <optional>

namespace matinee::test {
namespace {

using similarity::Kind;
using similarity::Norms;

struct Dense {
  std::size_t rows, columns;
  std::vector<std::optional<double>> values;  // (rows × columns)
  std::vector<double> column_counts;

  const std::optional<double>& at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
};

Dense dense(const engine::SparseRatings& ratings) {
  Dense matrix{static_cast<std::size_t>(ratings.rows), static_cast<std::size_t>(ratings.columns), {}, {}};
  matrix.values.resize(matrix.rows * matrix.columns);
  matrix.column_counts.assign(matrix.columns, 0);
  const SparseView view = ratings.view();
  for (int32_t row = 0; row < view.rows; ++row) {
    for (int64_t entry = view.offsets[row]; entry < view.offsets[row + 1]; ++entry) {
      const auto column = static_cast<std::size_t>(view.indices[entry]);
      matrix.values[static_cast<std::size_t>(row) * matrix.columns + column] = view.levels[entry];
      ++matrix.column_counts[column];
    }
  }
  return matrix;
}

void subtract_column_means(Dense& matrix, double residual_step) {
  for (std::size_t column = 0; column < matrix.columns; ++column) {
    double sum = 0;
    for (std::size_t row = 0; row < matrix.rows; ++row) sum += matrix.at(row, column).value_or(0);
    for (std::size_t row = 0; row < matrix.rows; ++row) {
      auto& value = matrix.values[row * matrix.columns + column];
      if (value) value = std::round((*value - sum / matrix.column_counts[column]) / residual_step) * residual_step;
    }
  }
}

double correlation(const std::vector<double>& x, const std::vector<double>& y, const std::vector<double>& weights) {
  double weight = 0, mean_x = 0, mean_y = 0;
  for (std::size_t n = 0; n < x.size(); ++n) {
    weight += weights[n];
    mean_x += weights[n] * x[n];
    mean_y += weights[n] * y[n];
  }
  mean_x /= weight;
  mean_y /= weight;
  double xx = 0, yy = 0, xy = 0;
  for (std::size_t n = 0; n < x.size(); ++n) {
    xx += weights[n] * (x[n] - mean_x) * (x[n] - mean_x);
    yy += weights[n] * (y[n] - mean_y) * (y[n] - mean_y);
    xy += weights[n] * (x[n] - mean_x) * (y[n] - mean_y);
  }
  constexpr double kZero = 1e-9;  // of rounding: levels vary by more
  return xx > kZero && yy > kZero ? xy / std::sqrt(xx * yy) : 0;
}

double norm(const Dense& matrix, std::size_t row) {
  double squares = 0;
  for (std::size_t column = 0; column < matrix.columns; ++column) {
    squares += std::pow(matrix.at(row, column).value_or(0), 2);
  }
  return std::sqrt(squares);
}

double count(const Dense& matrix, std::size_t row) {
  double count = 0;
  for (std::size_t column = 0; column < matrix.columns; ++column) count += matrix.at(row, column).has_value() ? 1 : 0;
  return count;
}

double pair_similarity(const Dense& matrix, std::size_t i, std::size_t j, const similarity::Options& options) {
  std::vector<double> x, y, weights;
  double weight = 0, xx = 0, yy = 0, xy = 0;
  for (std::size_t column = 0; column < matrix.columns; ++column) {
    if (!matrix.at(i, column) || !matrix.at(j, column)) continue;
    x.push_back(*matrix.at(i, column));
    y.push_back(*matrix.at(j, column));
    const double own = options.own_weights ? own_weight(column) : 1;
    weights.push_back(options.iuf ? own / std::log(1 + matrix.column_counts[column]) : own);
    weight += weights.back();
    xx += weights.back() * x.back() * x.back();
    yy += weights.back() * y.back() * y.back();
    xy += weights.back() * x.back() * y.back();
  }
  const auto common = static_cast<double>(x.size());
  if (x.empty() || common < static_cast<double>(options.min_common)) return 0;
  double value = 0;
  switch (options.kind) {
    case Kind::kCosine:
    case Kind::kAdjustedCosine: {
      const double norms =
          options.norms == Norms::kCorated ? std::sqrt(xx) * std::sqrt(yy) : norm(matrix, i) * norm(matrix, j);
      value = norms > 0 ? xy / norms : 0;
      break;
    }
    case Kind::kBinaryCosine:
      value = weight / std::sqrt(count(matrix, i) * count(matrix, j));
      break;
    case Kind::kPearson:
      value = correlation(x, y, weights);
      break;
    case Kind::kJaccard:
      value = weight / (count(matrix, i) + count(matrix, j) - common);
      break;
  }
  return value * common / (common + options.shrink);
}

}  // namespace

std::vector<double> naive_similarities(const engine::SparseRatings& rows, const similarity::Options& options,
                                       double residual_step) {
  Dense matrix = dense(rows);
  if (options.kind == Kind::kAdjustedCosine) subtract_column_means(matrix, residual_step);
  std::vector<double> result(matrix.rows * matrix.rows, 0);
  for (std::size_t i = 0; i < matrix.rows; ++i) {
    for (std::size_t j = 0; j < matrix.rows; ++j) {
      if (i != j) result[i * matrix.rows + j] = pair_similarity(matrix, i, j, options);
    }
  }
  return result;
}

}  // namespace matinee::test
