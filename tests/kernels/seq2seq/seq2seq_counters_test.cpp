#include <cstdio>
#include <string>

#include <gtest/gtest.h>

#include "kernels/seq2seq/attention.h"
#include "kernels/seq2seq/dropout.h"
#include "kernels/seq2seq/embedding.h"
#include "kernels/seq2seq/token_loss.h"
#include "tests/support/cuda_device.h"
#include "tests/support/launch_counters.h"
#include "tests/support/packed_rows.h"
#include "tests/support/random_tokens.h"

namespace matinee::seq2seq {
namespace {

using test::DeviceRows;
using test::Matrix;
using test::random_matrix;

using Launches = std::vector<SimulatedGpuLaunch>;

// Bytes of the 32-byte sectors that `kernel` moved, beside those that its work needs.
void expect_moved(const Launches& launches, const char* kernel, double needed, double bound) {
  const double moved = 32 * test::counted(launches, kernel).sectors;
  std::printf("%s: %.0f kB moved, %.0f needed, %.2f times\n", kernel, moved / 1e3, needed / 1e3, moved / needed);
  EXPECT_LE(moved, bound * needed) << kernel;
  EXPECT_GE(moved, 0.9 * needed) << kernel;
}

TEST(Seq2SeqCounters, EmbeddingAndDropoutMoveLittleMoreThanTheirNumbers) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  constexpr int64_t kRows = 1200, kVocabulary = 2000, kDimensions = 300;
  double different = 0;
  const auto launches = test::launches_of([&] {
    Context context(test::cuda_device(), 2);
    TokenRows tokens(context, kRows, kVocabulary);
    tokens.assign(context, test::random_tokens(7, kRows, kVocabulary));
    different = static_cast<double>(tokens.different());
    DeviceRows table(context, random_matrix(1, 1, kVocabulary, kDimensions));
    DeviceRows vectors(context, Matrix::Zero(kRows, kDimensions));
    embed(context, tokens, table.view(), vectors.view());
    dropout(context, {1, 1, 0.2f}, vectors.view().data, vectors.view().data, kRows * kDimensions);
    embed_gradient(context, tokens, vectors.view(), table.view());
    table.numbers();
  });
  constexpr double kNumbers = 4.0 * kRows * kDimensions;
  expect_moved(launches, "embed_kernel", 2 * kNumbers, 1.15);
  expect_moved(launches, "dropout_kernel", 2 * kNumbers, 1.15);
  expect_moved(launches, "embed_gradient_kernel", kNumbers + 8 * different * kDimensions, 1.15);
}

Launches losses(TokenLoss loss, int64_t rows, int64_t vocabulary, float gradient_scale) {
  return test::launches_of([&] {
    Context context(test::cuda_device(), 2);
    DeviceRows logits(context, random_matrix(1, 1, rows, vocabulary));
    Array<int32_t> targets(context, rows);
    Array<TokenSums> sums(context, 1);
    token_loss(context, loss, targets.data(), logits.view(), gradient_scale, nullptr, sums.data());
    logits.numbers();
  });
}

TEST(Seq2SeqCounters, TokenLossMovesEachLogitOnceEachWayWhereItsRowFitsIntoSharedMemory) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  constexpr double kShort = 4.0 * 100 * 8000, kLong = 4.0 * 30 * 30000;
  expect_moved(losses(TokenLoss::kSoftmax, 100, 8000, 1), "softmax_loss_kernel", 2 * kShort, 1.15);
  expect_moved(losses(TokenLoss::kSoftmax, 100, 8000, 0), "softmax_loss_kernel", kShort, 1.15);
  expect_moved(losses(TokenLoss::kSoftmax, 30, 30000, 1), "softmax_loss_kernel", 3 * kLong, 1.15);
  expect_moved(losses(TokenLoss::kSigmoid, 30, 30000, 1), "sigmoid_loss_kernel", 2 * kLong, 1.15);
}

// Bytes of what attention works on.
struct Sizes {
  double target, source;  // a row of `units` for each step
  double pairs;           // a number for each target step and source step of a sequence
};

Sizes run_attention(AttentionScore score, int64_t units, Launches& launches) {
  constexpr int64_t kSequences = 35;
  constexpr int32_t kSteps = 30;
  Sizes sizes{};
  launches = test::launches_of([&] {
    Context context(test::cuda_device(), 2);
    PackedBatch source(context, kSequences, kSteps), target(context, kSequences, kSteps + 1);
    std::vector<int32_t> lengths = test::random_lengths(3, kSequences, kSteps);
    source.assign(context, lengths);
    for (int32_t& length : lengths) {
      sizes.pairs += 4.0 * length * (length + 1);
      ++length;
    }
    target.assign(context, lengths);
    sizes.target = 4.0 * static_cast<double>(target.rows() * units);
    sizes.source = 4.0 * static_cast<double>(source.rows() * units);
    const Matrix of_target = random_matrix(1, 1, target.rows(), units),
                 of_source = random_matrix(1, 2, source.rows(), units);
    DeviceRows queries(context, of_target), keys(context, of_source), values(context, of_source);
    DeviceRows contexts(context, of_target), weights(context, Matrix::Zero(target.rows(), source.steps()));
    DeviceRows d_queries(context, of_target), d_keys(context, of_source), d_values(context, of_source);
    DeviceRows v(context, of_target.topRows(1)), d_v(context, of_target.topRows(1));
    const AttentionView<const float> operands = {queries.view(), keys.view(), values.view(), v.view().data};
    attend(context, score, source, target, operands, weights.view(), contexts.view());
    attend_gradient(context, score, source, target, operands, weights.view(), contexts.view(),
                    {d_queries.view(), d_keys.view(), d_values.view(), d_v.view().data});
    d_keys.numbers();
  });
  return sizes;
}

TEST(Seq2SeqCounters, AttentionMovesLittleMoreThanItsRows) {
  MATINEE_NEEDS_CUDA();
  if (!test::device_counts_launches()) GTEST_SKIP() << "this device counts nothing";
  for (const int64_t units : {128, 512}) {
    Launches launches;
    std::printf("%d units, dot\n", static_cast<int>(units));
    Sizes sizes = run_attention(AttentionScore::kDot, units, launches);
    const double rows = sizes.target + sizes.source;
    expect_moved(launches, "attention_weights_kernel", rows + sizes.pairs, 1.3);
    expect_moved(launches, "score_gradient_kernel", rows + 2 * sizes.pairs, 1.3);
    // Contexts written, and the three gradients read and written.
    expect_moved(launches, "weighted_sums_kernel", 5 * rows + sizes.source + 4 * sizes.pairs, 1.3);
    std::printf("%d units, additive\n", static_cast<int>(units));
    sizes = run_attention(AttentionScore::kAdditive, units, launches);
    expect_moved(launches, "attention_weights_kernel", rows + sizes.pairs, 1.3);
    expect_moved(launches, "additive_gradient_kernel", 3 * rows + sizes.pairs, 1.3);
  }
}

}  // namespace
}  // namespace matinee::seq2seq
