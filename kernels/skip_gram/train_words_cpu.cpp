#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/skip_gram/sigmoid.h"
#include "kernels/skip_gram/train_words.h"
#include "kernels/skip_gram/windows.h"

namespace matinee::skip_gram {
namespace {

// Plain: one window after the other on one thread.
struct Plain {
  const TrainingOperands& operands;
  const VectorsView<float>& vectors;
  int64_t stride;
  std::vector<int32_t> inputs, outputs;
  std::vector<float> coefficients, old_inputs;
  double loss = 0;

  explicit Plain(const TrainingOperands& of) : operands(of), vectors(of.vectors()), stride(of.vectors().input.stride) {}

  void choose_rows(const Windows& windows, int64_t t, const Philox& generator) {
    const auto at = static_cast<std::size_t>(t);
    const DrawsView draws = operands.draws().view();
    inputs.assign(windows.words.begin() + t - windows.left[at], windows.words.begin() + t);
    inputs.insert(inputs.end(), windows.words.begin() + t + 1, windows.words.begin() + t + 1 + windows.right[at]);
    outputs = {windows.words[at]};
    for (int k = 0; k < draws.negatives; ++k) {
      const Philox::Block drawn = draws.draws(generator, windows.begin + windows.places[at], (2 + k) / 4);
      const int32_t word = draws.drawn_negative(drawn[(2 + k) % 4]);
      if (word != outputs[0]) outputs.push_back(word);
    }
  }
  void add_coefficients(float rate) {
    coefficients.clear();
    for (const int32_t input : inputs) {
      for (std::size_t j = 0; j < outputs.size(); ++j) {
        float x = 0;
        for (int64_t k = 0; k < stride; ++k) x += vectors.input(input, k) * vectors.output(outputs[j], k);
        const Sigmoid of = sigmoid(x);
        coefficients.push_back(rate * ((j == 0 ? 1.0f : 0.0f) - of.value));
        loss += static_cast<double>(j == 0 ? sigmoid(-x).loss : of.loss);
      }
    }
  }
  void step() {
    old_inputs.clear();
    for (const int32_t input : inputs) {
      old_inputs.insert(old_inputs.end(), vectors.input.row(input), vectors.input.row(input) + stride);
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
      for (std::size_t j = 0; j < outputs.size(); ++j) {
        const float g = coefficients[i * outputs.size() + j];
        for (int64_t k = 0; k < stride; ++k) vectors.input(inputs[i], k) += g * vectors.output(outputs[j], k);
      }
    }
    for (std::size_t j = 0; j < outputs.size(); ++j) {
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        const float g = coefficients[i * outputs.size() + j];
        const float* old = old_inputs.data() + i * static_cast<std::size_t>(stride);
        for (int64_t k = 0; k < stride; ++k) vectors.output(outputs[j], k) += g * old[k];
      }
    }
  }
};

}  // namespace

Trained train_words_cpu(Context&, const TrainingOperands& operands, const WordRange& range) {
  Windows windows;
  const DrawsView draws = operands.draws().view();
  windows.collect(operands.corpus(), draws, range.epoch, range.begin, range.end);
  Plain plain(operands);
  const Philox generator = draws.generator(range.epoch);
  for (int64_t t = windows.first; t < windows.last; ++t) {
    const int64_t place = range.begin + windows.places[static_cast<std::size_t>(t)];
    plain.choose_rows(windows, t, generator);
    plain.add_coefficients(learning_rate_at(operands.settings(), range.epoch, operands.corpus().size(), place));
    plain.step();
  }
  return {plain.loss, windows.pairs(), range.end - range.begin};
}

}  // namespace matinee::skip_gram
