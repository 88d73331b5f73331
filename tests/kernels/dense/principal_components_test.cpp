#include "kernels/dense/principal_components.h"

#include <cmath>
#include <limits>

#include <Eigen/Dense>
#include <gmock/gmock.h>

#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"
#include "tests/support/text_files.h"

namespace matinee::dense {
namespace {

constexpr int kComponents = 3;

struct Rows {
  int64_t rows, columns, stride;
  std::vector<float> numbers;

  Rows(int64_t row_count, int64_t column_count, uint64_t seed)
      : rows(row_count),
        columns(column_count),
        stride(column_count + 3),
        numbers(static_cast<std::size_t>(rows * stride), std::numeric_limits<float>::quiet_NaN()) {
    const Philox draws(seed, 1);
    for (int64_t n = 0; n < rows * columns; ++n) {
      numbers[static_cast<std::size_t>(n / columns * stride + n % columns)] =
          static_cast<float>(normal(draws, static_cast<uint64_t>(n))) + 5;
    }
  }
  MatrixView<const float> view() const { return {numbers.data(), rows, columns, stride}; }
};

// Eigenvectors of the covariance matrix: another way to the same components.
Eigen::MatrixXd by_covariance(const Rows& rows, Eigen::VectorXd& shares) {
  Eigen::MatrixXd matrix(rows.rows, rows.columns);
  for (int64_t row = 0; row < rows.rows; ++row) {
    for (int64_t column = 0; column < rows.columns; ++column) matrix(row, column) = rows.view()(row, column);
  }
  const Eigen::RowVectorXd mean = matrix.colwise().mean();
  matrix.rowwise() -= mean;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(matrix.transpose() * matrix);
  shares = solver.eigenvalues().reverse() / solver.eigenvalues().sum();
  return matrix * solver.eigenvectors().rowwise().reverse();
}

TEST(PrincipalComponents, AreThoseOfTheCovarianceMatrix) {
  Context context({}, 2);
  constexpr std::pair<int64_t, int64_t> kSizes[] = {{31, 33}, {131, 17}, {4, 131}, {33, 3}};
  for (const auto& [row_count, column_count] : kSizes) {
    const Rows rows(row_count, column_count, test::random_seed());
    Eigen::VectorXd shares;
    const Eigen::MatrixXd expected = by_covariance(rows, shares);
    const PrincipalComponents found = principal_components(context, rows.view(), kComponents);
    for (int component = 0; component < kComponents; ++component) {
      const auto at = [&](int64_t row) {
        return found.coordinates[static_cast<std::size_t>(row * kComponents + component)];
      };
      double same = 0, largest = 0;
      for (int64_t row = 0; row < row_count; ++row) {
        same += at(row) * expected(row, component);
        if (std::abs(at(row)) > std::abs(largest)) largest = at(row);
      }
      EXPECT_GT(largest, 0) << "the sign is fixed";
      EXPECT_NEAR(found.shares[static_cast<std::size_t>(component)], shares[component], 1e-9);
      for (int64_t row = 0; row < row_count; ++row) {
        EXPECT_NEAR(at(row), same < 0 ? -expected(row, component) : expected(row, component), 1e-6) << row_count;
      }
    }
  }
}

TEST(PrincipalComponents, WhatIsNotThereIsZero) {
  Context context({}, 1);
  for (const auto& [row_count, column_count] : {std::pair<int64_t, int64_t>{0, 5}, {5, 0}, {1, 31}}) {
    const PrincipalComponents found =
        principal_components(context, Rows(row_count, column_count, test::random_seed()).view(), kComponents);
    EXPECT_EQ(found.coordinates, std::vector<double>(static_cast<std::size_t>(row_count * kComponents)));
    EXPECT_EQ(found.shares, std::vector<double>(kComponents));
  }
  const PrincipalComponents narrow =
      principal_components(context, Rows(31, 1, test::random_seed()).view(), kComponents);
  EXPECT_NEAR(narrow.shares[0], 1, 1e-12);
  EXPECT_EQ(narrow.shares[1], 0);
}

TEST(PrincipalComponents, NumbersThatAreNotFiniteAreRefused) {
  Context context({}, 1);
  Rows rows(3, 4, test::random_seed());
  rows.numbers[static_cast<std::size_t>(rows.stride) + 2] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { principal_components(context, rows.view(), 2); }),
              testing::HasSubstr("row 1, column 2"));
  EXPECT_THROW(principal_components(context, Rows(3, 4, 1).view(), 0), Error);
}

}  // namespace
}  // namespace matinee::dense
