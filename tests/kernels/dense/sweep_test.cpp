#include "kernels/dense/sweep.h"

#include <vector>

#include <Eigen/Dense>
#include <gmock/gmock.h>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/processor_levels.h"
#include "tests/support/random_seed.h"

namespace matinee::dense {
namespace {

constexpr float kAbove = -12345.5F;  // what stands above the diagonal must not matter

// XᵀX / rows + the identity: eigenvalues between 1 and some.
Eigen::MatrixXd positive_definite(int64_t size, uint64_t seed) {
  const Philox draws(seed, 1);
  Eigen::MatrixXd x(2 * size, size);
  for (int64_t n = 0; n < x.size(); ++n) x.data()[n] = normal(draws, static_cast<uint64_t>(n));
  return x.transpose() * x / static_cast<double>(x.rows()) + Eigen::MatrixXd::Identity(size, size);
}

struct Swept {
  int64_t size, stride;
  std::vector<float> numbers;

  explicit Swept(const Eigen::MatrixXd& matrix)
      : size(matrix.rows()), stride(size + 3), numbers(static_cast<std::size_t>(size * stride), kAbove) {
    for (int64_t row = 0; row < size; ++row) {
      for (int64_t column = 0; column <= row; ++column) view()(row, column) = static_cast<float>(matrix(row, column));
    }
  }
  MatrixView<float> view() { return {numbers.data(), size, size, stride}; }
  std::vector<float> lower() {
    std::vector<float> kept;
    for (int64_t row = 0; row < size; ++row) {
      for (int64_t column = 0; column <= row; ++column) kept.push_back(view()(row, column));
    }
    return kept;
  }
  void run(int threads, int64_t pivots, int64_t end) {
    Context context({}, threads);
    for (int64_t first = 0; first < end; first += pivots) {
      sweep(context, view(), first, std::min(pivots, end - first));
    }
  }
};

void expect_near(Swept& swept, const Eigen::MatrixXd& expected) {
  const double scale = expected.cwiseAbs().maxCoeff();
  for (int64_t row = 0; row < swept.size; ++row) {
    for (int64_t column = 0; column <= row; ++column) {
      ASSERT_NEAR(swept.view()(row, column), expected(row, column), 2e-5 * scale) << row << ' ' << column;
    }
    for (int64_t column = swept.size; column < swept.stride; ++column) {
      ASSERT_EQ(swept.numbers[static_cast<std::size_t>(row * swept.stride + column)], kAbove) << "beside the matrix";
    }
  }
}

TEST(Sweep, OfAllPivotsIsTheNegativeInverse) {
  uint64_t seed = test::random_seed();
  for (const int64_t size : {1, 31, 33, 131, 300}) {
    const Eigen::MatrixXd matrix = positive_definite(size, ++seed);
    for (const int64_t pivots : {1, 7, 64, 256}) {
      if (pivots == 1 && size > 131) continue;
      SCOPED_TRACE(testing::Message() << size << " rows, " << pivots << " pivots at once");
      Swept swept(matrix);
      swept.run(2, pivots, size);
      expect_near(swept, -matrix.inverse());
    }
  }
}

// The definition, block by block: what is swept stands for -A_KK⁻¹ and what is not for the Schur complement.
TEST(Sweep, OfSomePivotsIsAsDefined) {
  constexpr int64_t kSize = 67, kSwept = 29, kLeft = kSize - kSwept;
  const Eigen::MatrixXd matrix = positive_definite(kSize, test::random_seed());
  const Eigen::MatrixXd inverse = matrix.topLeftCorner(kSwept, kSwept).inverse();
  const Eigen::MatrixXd side = matrix.bottomLeftCorner(kLeft, kSwept);
  Eigen::MatrixXd expected(kSize, kSize);
  expected << -inverse, inverse * side.transpose(), side * inverse,
      matrix.bottomRightCorner(kLeft, kLeft) - side * inverse * side.transpose();
  Swept swept(matrix);
  swept.run(2, 16, kSwept);
  expect_near(swept, expected);
}

TEST(Sweep, HasTheSameBitsForAnyNumberOfThreadsAndOnEveryProcessor) {
  const Eigen::MatrixXd matrix = positive_definite(350, test::random_seed());
  Swept one(matrix);
  one.run(1, 100, 350);
  for (const int threads : {2, 5}) {
    Swept other(matrix);
    other.run(threads, 100, 350);
    EXPECT_TRUE(other.lower() == one.lower()) << threads << " threads";
  }
  for (const ProcessorLevel level : test::processor_levels()) {
    const test::LimitedLevel limited(level);
    Swept other(matrix);
    other.run(2, 100, 350);
    EXPECT_TRUE(other.lower() == one.lower()) << static_cast<int>(level);
  }
}

TEST(Sweep, RefusesWhatIsNotPositiveDefiniteAndWhatDoesNotFit) {
  Context context({}, 1);
  const auto kind_of = [&](MatrixView<float> matrix, int64_t first, int64_t count) {
    try {
      sweep(context, matrix, first, count);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::kLocked;
  };
  std::vector<float> numbers = {1, 0, 2, 1};  // eigenvalues 3 and -1
  EXPECT_EQ(kind_of({numbers.data(), 2, 2, 2}, 0, 2), ErrorKind::kInput);
  EXPECT_EQ(kind_of({numbers.data(), 2, 1, 2}, 0, 1), ErrorKind::kConfig);
  EXPECT_EQ(kind_of({numbers.data(), 2, 2, 2}, 1, 2), ErrorKind::kConfig);
  EXPECT_EQ(kind_of({numbers.data(), 2, 2, 2}, -1, 1), ErrorKind::kConfig);
  EXPECT_EQ(kind_of({nullptr, 0, 0, 0}, 0, 0), ErrorKind::kLocked) << "nothing is no failure";
}

}  // namespace
}  // namespace matinee::dense
