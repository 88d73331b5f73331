#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "kernels/seq2seq/token_loss.h"
#include "tests/support/cuda_device.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_seed.h"
#include "tests/support/random_tokens.h"

namespace matinee::seq2seq {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;

constexpr TokenLoss kLosses[] = {TokenLoss::kSoftmax, TokenLoss::kSigmoid};

struct Result {
  TokenSums sums;
  std::vector<int32_t> best;
  Matrix logits;
};

// Three calls: without the best tokens, then without gradient, then with both, all into the same sums.
Result three_calls(Context& context, TokenLoss loss, const Matrix& logits, const std::vector<int32_t>& targets) {
  DeviceRows first(context, logits), last(context, logits);
  Array<int32_t> on_device(context, logits.rows()), best(context, logits.rows());
  on_device.assign(context, targets);
  Array<TokenSums> sums(context, 1);
  token_loss(context, loss, on_device.data(), first.view(), 0.25f, nullptr, sums.data());
  token_loss(context, loss, on_device.data(), last.view(), 0, nullptr, sums.data());
  token_loss(context, loss, on_device.data(), last.view(), 0.25f, best.data(), sums.data());
  Result result{{}, std::vector<int32_t>(targets.size()), last.numbers()};
  sums.fetch(context, std::span(&result.sums, 1));
  best.fetch(context, result.best);
  EXPECT_EQ(first.numbers(), last.numbers());
  return result;
}

TEST(TokenLossCuda, AgreesWithTheCpuOnOddShapes) {
  MATINEE_NEEDS_CUDA();
  Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
  for (const TokenLoss loss : kLosses) {
    for (const auto& [rows, vocabulary] :
         {std::array{0, 5}, {1, 1}, {3, 31}, {131, 33}, {300, 132}, {5, 4001}, {3, 8192}, {3, 9004}}) {
      const uint64_t seed = test::random_seed();
      const Matrix logits = random_matrix(seed, 1, rows, vocabulary, 4);
      const auto targets = test::random_tokens(seed, rows, vocabulary);
      const Result expected = three_calls(cpu, loss, logits, targets), found = three_calls(cuda, loss, logits, targets);
      EXPECT_NEAR(found.sums.loss, expected.sums.loss, 1e-6 * expected.sums.loss + 1e-9) << rows << " × " << vocabulary;
      EXPECT_EQ(found.sums.correct, expected.sums.correct) << rows << " × " << vocabulary;
      EXPECT_EQ(found.best, expected.best) << rows << " × " << vocabulary;
      EXPECT_LE((found.logits - expected.logits).cwiseAbs().sum(), 1e-6 * rows) << rows << " × " << vocabulary;
      const Result again = three_calls(cuda, loss, logits, targets);
      EXPECT_EQ(again.sums.loss, found.sums.loss);
      EXPECT_EQ(again.logits, found.logits);
    }
  }
}

TEST(TokenLossCuda, OfEqualLogitsTakesTheSmallestId) {
  MATINEE_NEEDS_CUDA();
  Context cuda(test::cuda_device(), 2);
  Matrix logits = Matrix::Constant(3, 1000, -1e30);
  logits(1, 700) = logits(1, 301) = 2;
  logits(2, 999) = logits(2, 998) = logits(2, 997) = 0;
  for (const TokenLoss loss : kLosses) {
    const Result found = three_calls(cuda, loss, logits, {0, 301, 999});
    EXPECT_EQ(found.best, (std::vector{0, 301, 997}));
    EXPECT_EQ(found.sums.correct, 3 * 2);
  }
}

TEST(TokenLossCuda, IsFiniteForLogitsOfAnySizeAndNaNWhereOneIs) {
  MATINEE_NEEDS_CUDA();
  Context cuda(test::cuda_device(), 2);
  for (const TokenLoss loss : kLosses) {
    for (const double size : {1e4, 1e30}) {
      Matrix logits = Matrix::Zero(1, 3);
      logits << size, -size, 0;
      const Result found = three_calls(cuda, loss, logits, {1});
      EXPECT_TRUE(std::isfinite(found.sums.loss)) << size;
      EXPECT_TRUE(found.logits.allFinite()) << size;
    }
    for (const int64_t place : {0, 1, 20, 699}) {
      Matrix logits = random_matrix(test::random_seed(), 1, 3, 700);
      logits(1, place) = std::nan("");
      Array<int32_t> targets(cuda, 3);
      Array<TokenSums> sums(cuda, 1);
      DeviceRows numbers(cuda, logits);
      token_loss(cuda, loss, targets.data(), numbers.view(), 0, nullptr, sums.data());
      TokenSums found;
      sums.fetch(cuda, std::span(&found, 1));
      EXPECT_TRUE(std::isnan(found.loss)) << place;
    }
  }
}

}  // namespace
}  // namespace matinee::seq2seq
