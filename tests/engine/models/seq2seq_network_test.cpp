#include "engine/models/seq2seq_network.h"

#include <cmath>

#include <gtest/gtest.h>

#include "engine/models/seq2seq_decoding.h"
#include "engine/text/vocabulary.h"
#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using Texts = std::vector<std::vector<int32_t>>;

constexpr Seq2SeqRoom kRoom = {5, 7, true};

// Texts of falling length of the tokens Vocabulary::kSpecials … vocabulary-1.
Texts random_texts(const std::vector<int>& lengths, int64_t vocabulary, uint64_t seed) {
  const Philox draws(seed, 2);
  Texts texts;
  uint64_t draw = 0;
  for (const int length : lengths) {
    std::vector<int32_t>& text = texts.emplace_back();
    for (int n = 0; n < length; ++n) {
      text.push_back(static_cast<int32_t>(
          Vocabulary::kSpecials + draws.below(draw++, static_cast<uint64_t>(vocabulary - Vocabulary::kSpecials))));
    }
  }
  return texts;
}

void assign(Context& context, Seq2SeqBatch& batch, const Texts& texts) {
  std::vector<std::span<const int32_t>> views(texts.begin(), texts.end());
  batch.assign(context, views);
}

struct Case {
  Seq2SeqAttention attention;
  seq2seq::TokenLoss loss;
  int64_t layers;
};

class Seq2SeqNetworks : public testing::TestWithParam<Case> {
 protected:
  Seq2SeqShape shape() const { return {13, 5, GetParam().layers, 6, GetParam().attention, GetParam().loss}; }
};

// Larger numbers than training starts from: gradients well above the rounding of float.
std::vector<float> lively_parameters(const Seq2SeqShape& shape, uint64_t seed) {
  std::vector<float> parameters = seq2seq_start(shape, 0.1, seed);
  const Philox draws(seed, 3);
  for (std::size_t n = 0; n < parameters.size(); ++n) {
    parameters[n] += static_cast<float>(0.5 * (draws.uniform(n) - 0.5));
  }
  return parameters;
}

class Losses {
 public:
  Losses(const Seq2SeqShape& shape, const Texts& texts)
      : network_(context_, shape, kRoom), batch_(context_, kRoom, shape.vocabulary) {
    assign(context_, batch_, texts);
  }

  // Of a target token, as the gradient has it, with what a step drops.
  double loss(const std::vector<float>& parameters) {
    network_.set_parameters(context_, parameters);
    network_.set_sums(context_, {});
    network_.differentiate(context_, batch_, kDraws);
    const double terms =
        network_.shape().loss == seq2seq::TokenLoss::kSigmoid ? static_cast<double>(network_.shape().vocabulary) : 1;
    return terms * network_.sums(context_).loss / static_cast<double>(batch_.target_tokens());
  }

  std::vector<float> gradient(const std::vector<float>& parameters) {
    loss(parameters);
    std::vector<float> gradient = network_.gradient(context_);
    return gradient;
  }

 private:
  static constexpr StepDraws kDraws = {3, 5, 0.3F};

  Context context_{{}, 2};
  Seq2SeqNetwork network_;
  Seq2SeqBatch batch_;
};

double slope(Losses& losses, std::vector<float> parameters, std::size_t number) {
  constexpr float kStep = 0.01F;
  const float middle = parameters[number];
  parameters[number] = middle + kStep;
  const double above = losses.loss(parameters), high = parameters[number];
  parameters[number] = middle - kStep;
  const double below = losses.loss(parameters), low = parameters[number];
  return (above - below) / (high - low);
}

TEST_P(Seq2SeqNetworks, GradientIsThatOfFiniteDifferencesInEveryTensor) {
  const uint64_t seed = test::random_seed();
  const std::vector<float> parameters = lively_parameters(shape(), seed);
  const Texts texts = random_texts({7, 5, 5, 1}, shape().vocabulary, seed);
  const std::vector<float> gradient = Losses(shape(), texts).gradient(parameters);
  Losses losses(shape(), texts);
  const Philox draws(seed, 4);
  uint64_t draw = 0;
  for (const Seq2SeqTensor& tensor : seq2seq_tensors(shape())) {
    double largest = 0;
    for (int64_t n = tensor.begin; n < tensor.begin + tensor.size; ++n) {
      largest = std::max(largest, std::abs(static_cast<double>(gradient[static_cast<std::size_t>(n)])));
    }
    EXPECT_GT(largest, 0) << tensor.name;
    for (int count = 0; count < 8; ++count) {
      const auto number =
          static_cast<std::size_t>(tensor.begin) + draws.below(draw++, static_cast<uint64_t>(tensor.size));
      EXPECT_NEAR(gradient[number], slope(losses, parameters, number), 0.01 * largest + 1e-4)
          << tensor.name << '[' << number - static_cast<std::size_t>(tensor.begin) << ']';
    }
  }
}

TEST_P(Seq2SeqNetworks, ReproducesAFewTextsAfterSomeSteps) {
  const Texts texts = random_texts({6, 5, 4, 2, 1}, shape().vocabulary, test::random_seed());
  Context context({}, 2);
  Seq2SeqNetwork network(context, {13, 16, GetParam().layers, 24, GetParam().attention, GetParam().loss}, kRoom);
  Seq2SeqBatch batch(context, kRoom, 13);
  network.set_parameters(context, seq2seq_start(network.shape(), 0.1, 1));
  assign(context, batch, texts);
  dense::AdamSettings settings;
  settings.learning_rate = 0.005F;
  settings.clip_norm = 5;
  const int64_t steps = GetParam().loss == seq2seq::TokenLoss::kSigmoid ? 3000 : 800;
  for (int64_t step = 1; step <= steps; ++step) {
    network.differentiate(context, batch, {1, static_cast<uint64_t>(step), 0});
    network.descend(context, settings, step);
  }
  network.set_sums(context, {});
  network.evaluate(context, batch);
  EXPECT_EQ(network.sums(context).correct, batch.target_tokens());
  for (const std::vector<int32_t>& text : texts) {
    EXPECT_EQ(decode_greedily(context, network, batch, text, kRoom.tokens), text);
    EXPECT_EQ(decode_by_beam(context, network, batch, text, kRoom.tokens, 3), text);
  }
}

TEST_P(Seq2SeqNetworks, StepByStepSaysWhatTheWholeTextAtOnceDoes) {
  const uint64_t seed = test::random_seed();
  const Texts texts = random_texts({7, 7, 3, 2}, shape().vocabulary, seed);
  Context context({}, 2);
  Seq2SeqNetwork network(context, shape(), {5, 7, false});
  Seq2SeqBatch batch(context, kRoom, shape().vocabulary);
  network.set_parameters(context, lively_parameters(shape(), seed));
  assign(context, batch, texts);
  network.evaluate(context, batch);
  const std::vector<int32_t> whole = network.predictions(context, batch.target_tokens());
  network.encode(context, batch);
  std::vector<int32_t> inputs(texts.size(), Vocabulary::kBegin);
  std::size_t row = 0;
  for (std::size_t step = 0; step < batch.target().active().size(); ++step) {
    network.decode_step(context, batch, inputs, nullptr);
    const std::vector<int32_t> said = network.predictions(context, batch.texts());
    for (std::size_t text = 0; text < static_cast<std::size_t>(batch.target().active()[step]); ++text) {
      EXPECT_EQ(said[text], whole[row++]) << "text " << text << ", step " << step;
      if (step < texts[text].size()) inputs[text] = texts[text][step];
    }
  }
  EXPECT_EQ(row, whole.size());
}

TEST_P(Seq2SeqNetworks, ParametersAndMomentsComeBackFromTheDevice) {
  Context context({}, 1);
  Seq2SeqNetwork network(context, shape(), kRoom);
  const std::vector<float> first = seq2seq_start(shape(), 0.1, 1), second = seq2seq_start(shape(), 0.1, 2);
  network.set_parameters(context, first);
  network.set_moments(context, second, first);
  EXPECT_EQ(network.parameters(context), first);
  EXPECT_EQ(network.mean(context), second);
  EXPECT_EQ(network.square(context), first);
}

INSTANTIATE_TEST_SUITE_P(All, Seq2SeqNetworks,
                         testing::Values(Case{Seq2SeqAttention::kDot, seq2seq::TokenLoss::kSoftmax, 2},
                                         Case{Seq2SeqAttention::kGeneral, seq2seq::TokenLoss::kSoftmax, 1},
                                         Case{Seq2SeqAttention::kAdditive, seq2seq::TokenLoss::kSigmoid, 1},
                                         Case{Seq2SeqAttention::kDot, seq2seq::TokenLoss::kSigmoid, 1}));

TEST(Seq2SeqNetwork, BeamsGoOnFromTheStatesOfTheirOrigins) {
  const uint64_t seed = test::random_seed();
  const Seq2SeqShape shape = {13, 5, 2, 6, Seq2SeqAttention::kDot, seq2seq::TokenLoss::kSoftmax};
  Context context({}, 2);
  Seq2SeqNetwork network(context, shape, {3, 7, false});
  Seq2SeqBatch batch(context, {3, 7, false}, shape.vocabulary);
  network.set_parameters(context, lively_parameters(shape, seed));
  const std::vector<int32_t> text = random_texts({6}, shape.vocabulary, seed).front();
  assign(context, batch, {text, text, text});
  std::vector<float> swapped, straight;
  network.encode(context, batch);
  network.decode_step(context, batch, std::vector<int32_t>{4, 5, 6}, &straight);
  network.reorder_states(context, std::vector<int32_t>{2, 0, 0});
  network.decode_step(context, batch, std::vector<int32_t>{7, 8, 7}, &swapped);
  network.encode(context, batch);
  network.decode_step(context, batch, std::vector<int32_t>{6, 4, 4}, &straight);
  network.decode_step(context, batch, std::vector<int32_t>{7, 8, 7}, &straight);
  EXPECT_EQ(swapped, straight);
}

}  // namespace
}  // namespace matinee::engine
