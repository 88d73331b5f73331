#include <cmath>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

#include "engine/models/seq2seq_network.h"
#include "tests/support/cuda_device.h"
#include "tests/support/paths.h"

namespace matinee::engine {
namespace {

struct GoldenCase {
  std::string attention, loss;
  std::vector<std::vector<int32_t>> texts;
  std::vector<float> start;     // parameters before the first step
  std::vector<double> losses;   // before each step
  std::vector<float> expected;  // parameters after the last

  Seq2SeqShape shape() const {
    const auto kind = attention == "dot"       ? Seq2SeqAttention::kDot
                      : attention == "general" ? Seq2SeqAttention::kGeneral
                                               : Seq2SeqAttention::kAdditive;
    return {11, 3, 2, 4, kind, loss == "softmax" ? seq2seq::TokenLoss::kSoftmax : seq2seq::TokenLoss::kSigmoid};
  }
};

template <typename T>
std::vector<T> numbers_of(const std::string& line) {
  std::istringstream words(line);
  std::vector<T> numbers;
  for (T number; words >> number;) numbers.push_back(number);
  return numbers;
}

std::vector<GoldenCase> golden_cases() {
  std::ifstream file(test::source_folder() / "tests/engine/models/golden/seq2seq.txt");
  std::vector<GoldenCase> cases;
  for (std::string line; std::getline(file, line);) {
    GoldenCase& golden = cases.emplace_back();
    std::istringstream(line) >> golden.attention >> golden.loss;
    while (std::getline(file, line) && !line.empty()) golden.texts.push_back(numbers_of<int32_t>(line));
    std::getline(file, line);
    golden.start = numbers_of<float>(line);
    std::getline(file, line);
    golden.losses = numbers_of<double>(line);
    std::getline(file, line);
    golden.expected = numbers_of<float>(line);
  }
  return cases;
}

// Of the difference of two vectors, by that of the second.
double relative_norm(const std::vector<float>& found, const std::vector<float>& expected) {
  double off = 0, size = 0;
  for (std::size_t n = 0; n < expected.size(); ++n) {
    off += std::pow(static_cast<double>(found[n]) - static_cast<double>(expected[n]), 2);
    size += std::pow(static_cast<double>(expected[n]), 2);
  }
  return std::sqrt(off / size);
}

void expect_golden(Context& context, const GoldenCase& golden) {
  const Seq2SeqRoom room = {3, 5, true};
  Seq2SeqNetwork network(context, golden.shape(), room);
  Seq2SeqBatch batch(context, room, golden.shape().vocabulary);
  ASSERT_EQ(static_cast<int64_t>(golden.start.size()), seq2seq_parameters(golden.shape()));
  network.set_parameters(context, golden.start);
  const std::vector<std::span<const int32_t>> texts(golden.texts.begin(), golden.texts.end());
  batch.assign(context, texts);
  for (std::size_t step = 0; step < golden.losses.size(); ++step) {
    network.set_sums(context, {});
    network.differentiate(context, batch, {});
    network.descend(context, {.learning_rate = 0.01f, .clip_norm = 0.5f}, static_cast<int64_t>(step) + 1);
    const double loss = network.sums(context).loss / static_cast<double>(batch.target_tokens());
    EXPECT_NEAR(loss, golden.losses[step], 1e-5 * golden.losses[step]) << "step " << step;
  }
  EXPECT_LE(relative_norm(network.parameters(context), golden.expected), 1e-4);
}

TEST(Seq2SeqNetwork, TakesTheStepsOfAdamThatPyTorchTakes) {
  Context context({}, 2);
  const std::vector<GoldenCase> cases = golden_cases();
  ASSERT_EQ(cases.size(), 3);
  for (const GoldenCase& golden : cases) {
    SCOPED_TRACE(golden.attention + " " + golden.loss);
    expect_golden(context, golden);
  }
}

TEST(Seq2SeqNetwork, OnCudaTakesTheStepsOfAdamThatPyTorchTakes) {
  MATINEE_NEEDS_CUDA();
  Context context(test::cuda_device(), 1);
  for (const GoldenCase& golden : golden_cases()) {
    SCOPED_TRACE(golden.attention + " " + golden.loss);
    expect_golden(context, golden);
  }
}

}  // namespace
}  // namespace matinee::engine
