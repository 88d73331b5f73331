#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

#include "engine/models/seq2seq_network.h"
#include "engine/text/vocabulary.h"
#include "tests/support/cuda_device.h"
#include "tests/support/random_seed.h"
#include "tests/support/random_tokens.h"

namespace matinee::engine {
namespace {

constexpr int kSteps = 50;
constexpr Seq2SeqShape kShape = {
    .vocabulary = 60, .dimensions = 9, .layers = 2, .units = 13, .attention = Seq2SeqAttention::kGeneral};
constexpr Seq2SeqRoom kRoom = {.texts = 6, .tokens = 9, .training = true};

std::vector<std::vector<int32_t>> random_texts(uint64_t seed) {
  std::vector<std::vector<int32_t>> texts;
  for (const int64_t length : {9, 7, 7, 4, 2, 1}) {
    texts.push_back(test::random_tokens(seed + texts.size(), length, kShape.vocabulary - Vocabulary::kSpecials));
    for (int32_t& token : texts.back()) token += Vocabulary::kSpecials;
  }
  return texts;
}

struct Training {
  std::vector<double> losses;     // mean of a token, before each step
  std::vector<float> parameters;  // after the last
};

// kSteps steps over two batches in turns, with dropout, from `parameters` and fresh moments.
Training train(Context& context, uint64_t seed, const std::vector<float>& parameters, float loss_scale = 0) {
  Seq2SeqNetwork network(context, kShape, kRoom);
  Seq2SeqBatch batch(context, kRoom, kShape.vocabulary);
  network.set_parameters(context, parameters);
  Training result;
  for (uint64_t step = 0; step < kSteps; ++step) {
    const auto texts = random_texts(seed + 100 * (step % 2));
    const std::vector<std::span<const int32_t>> views(texts.begin(), texts.end());
    batch.assign(context, views);
    network.set_sums(context, {});
    network.differentiate(context, batch,
                          {.seed = seed, .step = step, .dropout = 0.2f, .loss_scale = std::max(loss_scale, 1.0f)});
    network.descend(context, {.learning_rate = 0.01f, .clip_norm = 1, .loss_scale = loss_scale},
                    static_cast<int64_t>(step) + 1);
    if (loss_scale > 0) {
      EXPECT_TRUE(network.took_step(context)) << "step " << step;
    }
    result.losses.push_back(network.sums(context).loss / static_cast<double>(batch.target_tokens()));
  }
  result.parameters = network.parameters(context);
  return result;
}

TEST(Seq2SeqNetwork, OnCudaHasTheLossCurveOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  Context cpu({}, 2), cuda(test::cuda_device(), 2);
  const uint64_t seed = test::random_seed();
  const std::vector<float> start = seq2seq_start(kShape, 0.1, seed);
  const Training expected = train(cpu, seed, start), found = train(cuda, seed, start);
  for (std::size_t step = 0; step < kSteps; ++step) {
    EXPECT_NEAR(found.losses[step], expected.losses[step], 1e-3 * expected.losses[step]) << "step " << step;
  }
  EXPECT_LT(found.losses.back(), 0.9 * found.losses.front());
}

TEST(Seq2SeqNetwork, OnTensorCoresItsLossCurveIsNearThatOfFp32) {
  MATINEE_NEEDS_CUDA();
  Context cuda(test::cuda_device(), 2);
  const uint64_t seed = test::random_seed();
  const std::vector<float> start = seq2seq_start(kShape, 0.1, seed);
  const Training expected = train(cuda, seed, start);
  for (const Precision precision : {Precision::kTf32, Precision::kFp16}) {
    const PrecisionScope scope(cuda, precision);
    const Training found = train(cuda, seed, start, precision == Precision::kFp16 ? 65536.0f : 0.0f);
    for (std::size_t step = 0; step < kSteps; ++step) {
      EXPECT_NEAR(found.losses[step], expected.losses[step], 0.02 * expected.losses[step]) << "step " << step;
    }
    EXPECT_NE(found.losses, expected.losses) << "products are not rounded";
  }
}

TEST(Seq2SeqNetwork, AStepWhoseScaledGradientOverflowsIsNotTaken) {
  MATINEE_NEEDS_CUDA();
  Context cuda(test::cuda_device(), 2);
  const PrecisionScope scope(cuda, Precision::kFp16);
  Seq2SeqNetwork network(cuda, kShape, kRoom);
  Seq2SeqBatch batch(cuda, kRoom, kShape.vocabulary);
  const std::vector<float> start = seq2seq_start(kShape, 0.1, 3);
  network.set_parameters(cuda, start);
  const auto texts = random_texts(3);
  batch.assign(cuda, std::vector<std::span<const int32_t>>(texts.begin(), texts.end()));
  network.differentiate(cuda, batch, {.seed = 3, .loss_scale = 0x1p40f});
  network.descend(cuda, {.loss_scale = 0x1p40f}, 1);
  EXPECT_FALSE(network.took_step(cuda));
  EXPECT_EQ(network.parameters(cuda), start);
  EXPECT_EQ(network.square(cuda), std::vector<float>(start.size())) << "moments stay as they were";
  EXPECT_EQ(network.gradient(cuda), std::vector<float>(start.size()));
}

TEST(Seq2SeqNetwork, GoesOnWithTheOtherDevicesParameters) {
  MATINEE_NEEDS_CUDA();
  Context cpu({}, 2), cuda(test::cuda_device(), 2);
  const uint64_t seed = test::random_seed();
  const std::vector<float> half = train(cuda, seed, seq2seq_start(kShape, 0.1, seed)).parameters;
  const Training expected = train(cuda, seed, half), found = train(cpu, seed, half);
  for (std::size_t step = 0; step < kSteps; ++step) {
    EXPECT_NEAR(found.losses[step], expected.losses[step], 1e-3 * expected.losses[step]) << "step " << step;
  }
}

}  // namespace
}  // namespace matinee::engine
