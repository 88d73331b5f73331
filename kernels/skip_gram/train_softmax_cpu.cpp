#include "kernels/skip_gram/train_softmax_cpu.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/skip_gram/collect_windows.h"
#include "kernels/skip_gram/softmax_pairs.h"
#include "kernels/skip_gram/softmax_sums.h"
#include "kernels/skip_gram/window_step_cpu.h"
#include "kernels/support/buffer.h"
#include "kernels/support/grid.h"
#include "kernels/support/multiversion.h"

namespace matinee::skip_gram {
namespace {

using namespace cpu;

constexpr int64_t kWordsAtOnce = 1 << 18;  // whose windows are in memory at a time

struct Softmax {
  explicit Softmax(const VectorsView<float>& of)
      : vectors(of),
        words(of.input.rows),
        stride(of.input.stride),
        chunk_words(softmax_chunk_words(words)),
        products(words),
        steps(kStepSums * stride),
        chunk_steps(kStepSums * stride),
        chunks(static_cast<std::size_t>(pieces(words, chunk_words))) {
    for (int64_t word = 0; word < words; ++word) rows.push_back(of.output.row(word));
  }

  VectorsView<float> vectors;
  int64_t words, stride, chunk_words;
  Buffer<float> products;            // (words): later the exponentials of them
  Buffer<float> steps, chunk_steps;  // (kStepSums, stride): of all words, of a chunk
  std::vector<SoftmaxSum> chunks;
  std::vector<float*> rows;  // of output
};

[[gnu::always_inline]] inline void multiply_all(Softmax& softmax, float* input) {
  constexpr int kTile = kTileOutputs<kEight>;
  int64_t word = 0;
  for (; word + kTile <= softmax.words; word += kTile) {
    multiply_tile<kEight, 1, kTile>(&input, softmax.rows.data() + word, softmax.stride, softmax.products.data() + word,
                                    0);
  }
  for (; word < softmax.words; ++word) {
    multiply_tile<kEight, 1, 1>(&input, softmax.rows.data() + word, softmax.stride, softmax.products.data() + word, 0);
  }
}

// Products of a chunk's words become exponentials.
[[gnu::always_inline]] inline SoftmaxSum sum_chunk(float* products, int64_t count) {
  float most = -std::numeric_limits<float>::infinity();
  for (int64_t i = 0; i < count; ++i) most = greater(most, products[i]);
  for (int64_t i = 0; i < count; ++i) products[i] = exponential(products[i] - most);
  double sums[kShareSums] = {};
  int64_t i = 0;
  for (; i + kShareSums <= count; i += kShareSums) {
    for (int n = 0; n < kShareSums; ++n) sums[n] += static_cast<double>(products[i + n]);
  }
  for (int n = 0; i + n < count; ++n) sums[n] += static_cast<double>(products[i + n]);
  return {most, halved_sum(sums)};
}

SoftmaxSum sum_all(const std::vector<SoftmaxSum>& chunks) {
  float most = -std::numeric_limits<float>::infinity();
  for (const SoftmaxSum& chunk : chunks) most = greater(most, chunk.most);
  double sums[kShareSums] = {};
  for (std::size_t c = 0; c < chunks.size(); ++c) sums[c % kShareSums] += scaled_sum(chunks[c], most);
  return {most, halved_sum(sums)};
}

// halved_sum() of the rows of `sums`, into the first.
[[gnu::always_inline]] inline void halve(float* sums, int64_t stride) {
  for (int64_t distance = kStepSums / 2; distance > 0; distance /= 2) {
    for (int64_t n = 0; n < distance * stride; ++n) sums[n] += sums[n + distance * stride];
  }
}

// Moves the output rows of a chunk, whose words pull by products[i]; adds what they pull to a row of softmax.steps.
[[gnu::always_inline]] inline void move_chunk(Softmax& softmax, const float* input, int64_t first, int64_t count,
                                              float* total) {
  const int64_t stride = softmax.stride;
  float* steps = softmax.chunk_steps.data();
  std::fill_n(steps, kStepSums * stride, 0.0f);
  for (int64_t i = 0; i < count; ++i) {
    const float pull = softmax.products.data()[first + i];
    float* output = softmax.rows[static_cast<std::size_t>(first + i)];
    float* step = steps + i % kStepSums * stride;
    for (int64_t k = 0; k < stride; ++k) {
      step[k] = __builtin_fmaf(pull, output[k], step[k]);
      output[k] = __builtin_fmaf(pull, input[k], output[k]);
    }
  }
  halve(steps, stride);
  for (int64_t k = 0; k < stride; ++k) total[k] += steps[k];
}

MATINEE_MULTIVERSION_FUSED
double train_pair(Softmax& softmax, const SoftmaxPair& pair) {
  const int64_t stride = softmax.stride, chunk_words = softmax.chunk_words;
  float* input = softmax.vectors.input.row(pair.input);
  float* products = softmax.products.data();
  multiply_all(softmax, input);
  const auto target_product = static_cast<double>(products[pair.target]);
  for (std::size_t c = 0; c < softmax.chunks.size(); ++c) {
    const int64_t first = static_cast<int64_t>(c) * chunk_words;
    softmax.chunks[c] = sum_chunk(products + first, std::min(chunk_words, softmax.words - first));
  }
  const SoftmaxSum all = sum_all(softmax.chunks);
  std::fill_n(softmax.steps.data(), kStepSums * stride, 0.0f);
  for (std::size_t c = 0; c < softmax.chunks.size(); ++c) {
    const int64_t first = static_cast<int64_t>(c) * chunk_words, last = std::min(first + chunk_words, softmax.words);
    const float share = share_of(softmax.chunks[c], all);
    for (int64_t word = first; word < last; ++word) {
      products[word] = softmax_pull(products[word], share, word == pair.target, pair.rate);
    }
    move_chunk(softmax, input, first, last - first,
               softmax.steps.data() + static_cast<int64_t>(c) % kStepSums * stride);
  }
  halve(softmax.steps.data(), stride);
  for (int64_t k = 0; k < stride; ++k) input[k] += softmax.steps.data()[k];
  return std::log(all.sum) + (static_cast<double>(all.most) - target_product);
}

}  // namespace

Trained train_softmax_cpu(Context& context, const TrainingOperands& operands, const WordRange& range) {
  Softmax softmax(operands.vectors());
  Trained trained{.words = range.end - range.begin};
  for (int64_t begin = range.begin; begin < range.end; begin += kWordsAtOnce) {
    const Windows windows =
        collect_windows(context, operands, range.epoch, begin, std::min(begin + kWordsAtOnce, range.end));
    for_each_pair(operands, range.epoch, windows, [&](const SoftmaxPair& pair) {
      trained.loss += train_pair(softmax, pair);
      ++trained.pairs;
    });
  }
  return trained;
}

}  // namespace matinee::skip_gram
