#pragma once

#include <cstdint>

#include "kernels/skip_gram/sigmoid.h"
#include "kernels/support/grid.h"
#include "kernels/support/halved_sum.h"
#include "kernels/support/host_device.h"

// The order in which a softmax over all words is added up, on every device. The words are cut into chunks. In a chunk,
// word i of it adds e^(x - the chunk's greatest x) to sum i mod kShareSums and its part of the input row's step to sum
// i mod kStepSums; chunk c then adds its totals, those of e^x scaled to the greatest x of all, to sums c mod kShareSums
// and c mod kStepSums. The total of such sums is their halved_sum().
namespace matinee::skip_gram {

inline constexpr int kShareSums = 32, kStepSums = 8;
inline constexpr int64_t kChunks = 128;  // of large vocabularies, until chunks have kMostChunkWords
inline constexpr int64_t kLeastChunkWords = 32, kMostChunkWords = 1024;

MATINEE_HOST_DEVICE constexpr int64_t softmax_chunk_words(int64_t vocabulary) {
  const int64_t words = pieces(vocabulary, kChunks);
  return words < kLeastChunkWords ? kLeastChunkWords : words > kMostChunkWords ? kMostChunkWords : words;
}

// NaN where one is.
MATINEE_HOST_DEVICE_INLINE float greater(float left, float right) {
  return left < right || right != right ? right : left;
}

// Of a chunk, or of all words: the greatest product x of an output row and the input row, and Σ e^(x - most).
struct SoftmaxSum {
  float most;
  double sum;
};

// What a chunk adds to the sum of all words.
MATINEE_HOST_DEVICE_INLINE double scaled_sum(const SoftmaxSum& chunk, float most) {
  return static_cast<double>(exponential(chunk.most - most)) * chunk.sum;
}

// e^(x - the chunk's most) times this is the softmax of x.
MATINEE_HOST_DEVICE_INLINE float share_of(const SoftmaxSum& chunk, const SoftmaxSum& all) {
  return static_cast<float>(static_cast<double>(exponential(chunk.most - all.most)) / all.sum);
}

// rate × ([word = target] - softmax)
MATINEE_HOST_DEVICE_INLINE float softmax_pull(float exponential, float share, bool target, float rate) {
  const float pulled = -rate * (exponential * share);
  return target ? pulled + rate : pulled;
}

}  // namespace matinee::skip_gram
