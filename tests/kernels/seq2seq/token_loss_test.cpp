#include "kernels/seq2seq/token_loss.h"

#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <gmock/gmock.h>

#include "kernels/support/error.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"
#include "tests/support/random_tokens.h"

namespace matinee::seq2seq {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::naive_token_gradient;
using test::naive_token_loss;
using test::random_matrix;
using test::random_tokens;

constexpr TokenLoss kLosses[] = {TokenLoss::kSoftmax, TokenLoss::kSigmoid};

TEST(TokenLossReference, HasTheGradientOfCentralDifferences) {
  for (const TokenLoss loss : kLosses) {
    const uint64_t seed = test::random_seed();
    Matrix logits = random_matrix(seed, 1, 4, 7, 3);
    const std::vector<int32_t> targets = random_tokens(seed, 4, 7);
    const Matrix expected = test::by_differences(logits, [&] { return naive_token_loss(loss, logits, targets); });
    EXPECT_LE(test::relative_difference(naive_token_gradient(loss, logits, targets), expected), 1e-6);
  }
}

TEST(TokenLoss, AgreesWithTheReferenceInDouble) {
  Context context({}, 2);
  for (const TokenLoss loss : kLosses) {
    for (const auto& [rows, vocabulary] : {std::array{1, 1}, {3, 31}, {131, 33}, {20, 4001}}) {
      const uint64_t seed = test::random_seed();
      const Matrix logits = random_matrix(seed, 1, rows, vocabulary, 4);
      const std::vector<int32_t> targets = random_tokens(seed, rows, vocabulary);
      DeviceRows numbers(context, logits), untouched(context, logits);
      std::vector<int32_t> best(static_cast<std::size_t>(rows));
      TokenSums sums, again;
      token_loss(context, loss, targets.data(), numbers.view(), 0.25f, best.data(), &sums);
      token_loss(context, loss, targets.data(), untouched.view(), 0, nullptr, &again);
      const double expected = naive_token_loss(loss, logits, targets);
      EXPECT_NEAR(sums.loss, expected, 1e-6 * (std::abs(expected) + rows));
      EXPECT_EQ(sums.loss, again.loss);
      EXPECT_EQ(untouched.numbers(), logits);
      const Matrix gradient = 0.25 * naive_token_gradient(loss, logits, targets);
      EXPECT_LE((numbers.numbers() - gradient).cwiseAbs().maxCoeff(), 1e-6);
      int64_t correct = 0;
      for (int64_t row = 0; row < rows; ++row) {
        int64_t highest = 0;
        logits.row(row).maxCoeff(&highest);
        EXPECT_EQ(best[static_cast<std::size_t>(row)], highest);
        correct += highest == targets[static_cast<std::size_t>(row)] ? 1 : 0;
      }
      EXPECT_EQ(sums.correct, correct);
    }
  }
}

TEST(TokenLoss, OfEqualLogitsTakesTheSmallestIdAndAddsToItsSums) {
  Context context({}, 1);
  std::vector<float> logits(3 * 5, 1.0f);
  const std::vector<int32_t> targets = {0, 1, 4};
  TokenSums sums{.loss = 10, .correct = 7};
  token_loss(context, TokenLoss::kSoftmax, targets.data(), {logits.data(), 3, 5, 5}, 0, nullptr, &sums);
  EXPECT_EQ(sums.correct, 8);
  EXPECT_NEAR(sums.loss, 10 + 3 * std::log(5.0), 1e-6);
}

TEST(TokenLoss, IsFiniteForLogitsOfAnySizeAndNaNWhereOneIs) {
  Context context({}, 1);
  for (const TokenLoss loss : kLosses) {
    const int32_t target = 1;
    for (const float size : {1e4f, 1e30f}) {
      float logits[3] = {size, -size, 0};
      TokenSums sums;
      token_loss(context, loss, &target, {logits, 1, 3, 3}, 1, nullptr, &sums);
      EXPECT_TRUE(std::isfinite(sums.loss)) << size;
      for (const float number : logits) EXPECT_TRUE(std::isfinite(number)) << size;
    }
    for (int place = 0; place < 3; ++place) {
      float logits[3] = {1, 2, 3};
      logits[place] = std::numeric_limits<float>::quiet_NaN();
      TokenSums sums;
      token_loss(context, loss, &target, {logits, 1, 3, 3}, 1, nullptr, &sums);
      EXPECT_TRUE(std::isnan(sums.loss)) << place;
    }
  }
}

}  // namespace
}  // namespace matinee::seq2seq
