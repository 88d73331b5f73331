#include "kernels/skip_gram/train_softmax_cpu.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "kernels/skip_gram/collect_windows.h"
#include "kernels/skip_gram/window_step_cpu.h"
#include "kernels/support/buffer.h"
#include "kernels/support/grid.h"
#include "kernels/support/multiversion.h"

namespace matinee::skip_gram {
namespace {

using namespace cpu;

constexpr int64_t kWordsAtOnce = 1 << 18;  // whose windows are in memory at a time

struct Softmax {
  Softmax(const VectorsView<float>& of, int64_t vocabulary) : vectors(of), pulls(vocabulary), step(of.input.stride) {
    for (int64_t word = 0; word < vocabulary; ++word) rows.push_back(of.output.row(word));
  }

  VectorsView<float> vectors;
  Buffer<float> pulls, step;  // (vocabulary), (stride)
  std::vector<float*> rows;   // of output
};

[[gnu::always_inline]] inline void multiply_all(Softmax& softmax, float* input) {
  const auto words = static_cast<int64_t>(softmax.rows.size());
  const int64_t stride = softmax.step.size();
  constexpr int kTile = kTileOutputs<kEight>;
  int64_t word = 0;
  for (; word + kTile <= words; word += kTile) {
    multiply_tile<kEight, 1, kTile>(&input, softmax.rows.data() + word, stride, softmax.pulls.data() + word, 0);
  }
  for (; word < words; ++word) {
    multiply_tile<kEight, 1, 1>(&input, softmax.rows.data() + word, stride, softmax.pulls.data() + word, 0);
  }
}

// Products become rate × ([word = target] - softmax); returns the loss.
[[gnu::always_inline]] inline double pull_all(Softmax& softmax, int32_t target, float rate) {
  const std::span<float> pulls = softmax.pulls.span();
  const float most = *std::max_element(pulls.begin(), pulls.end());
  const double difference = static_cast<double>(most) - static_cast<double>(pulls[static_cast<std::size_t>(target)]);
  for (float& pull : pulls) pull = exponential(pull - most);
  double sum = 0;
  for (const float pull : pulls) sum += static_cast<double>(pull);
  const auto share = static_cast<float>(1 / sum);
  for (float& pull : pulls) pull = -rate * (pull * share);
  pulls[static_cast<std::size_t>(target)] += rate;
  return std::log(sum) + difference;
}

MATINEE_MULTIVERSION_FUSED
double train_pair(Softmax& softmax, int32_t input_word, int32_t target, float rate) {
  float* input = softmax.vectors.input.row(input_word);
  const int64_t stride = softmax.step.size();
  multiply_all(softmax, input);
  const double loss = pull_all(softmax, target, rate);
  std::fill_n(softmax.step.data(), stride, 0.0f);
  for (std::size_t word = 0; word < softmax.rows.size(); ++word) {
    const float pull = softmax.pulls.data()[word];
    float* output = softmax.rows[word];
    for (int64_t k = 0; k < stride; ++k) {
      softmax.step.data()[k] = __builtin_fmaf(pull, output[k], softmax.step.data()[k]);
      output[k] = __builtin_fmaf(pull, input[k], output[k]);
    }
  }
  for (int64_t k = 0; k < stride; ++k) input[k] += softmax.step.data()[k];
  return loss;
}

}  // namespace

Trained train_softmax_cpu(Context& context, const TrainingOperands& operands, const WordRange& range) {
  Softmax softmax(operands.vectors(), operands.corpus().vocabulary);
  Trained trained{.words = range.end - range.begin};
  const int64_t at_once = rounded_up(kWordsAtOnce, operands.round_words()), size = operands.corpus().size();
  for (int64_t begin = range.begin; begin < range.end; begin += at_once) {
    const auto end = std::min(begin + at_once, range.end);
    const Windows windows = collect_windows(context, operands, range.epoch, begin, end);
    for (int64_t target = windows.first; target < windows.last; ++target) {
      const auto at = static_cast<std::size_t>(target);
      const float rate = learning_rate_at(operands.settings(), range.epoch, size, begin + windows.places[at]);
      const int32_t* word = windows.words.data() + target;
      for (int distance = -windows.left[at]; distance <= windows.right[at]; ++distance) {
        if (distance != 0) trained.loss += train_pair(softmax, word[distance], *word, rate);
      }
    }
    trained.pairs += windows.pairs();
  }
  return trained;
}

}  // namespace matinee::skip_gram
