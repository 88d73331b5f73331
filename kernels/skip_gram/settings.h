#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/support/host_device.h"

namespace matinee::skip_gram {

// What a neighbour is to tell a word from: `negatives` drawn words, or all words (the exact reference for small
// vocabularies, on the CPU by one thread).
enum class Output { kNegativeSampling, kSoftmax };

inline constexpr int kMostWindow = 64, kMostNegatives = 64;

struct Settings {
  int window = 5;                // the most words to each side, 1 .. kMostWindow; drawn from 1 .. window for each word
  int negatives = 5;             // drawn for each word and shared by its window, 0 .. kMostNegatives
  double subsample = 1e-3;       // t: a word of frequency f is kept with min(1, sqrt(t / f) + t / f); 0: all are kept
  float learning_rate = 0.025f;  // at the start; falls linearly over all epochs to kLeastRate of it
  int64_t epochs = 5;
  uint64_t seed = 1;
  bool deterministic = true;  // the same bytes for any number of threads and on CUDA; otherwise lock-free updates
  Output output = Output::kNegativeSampling;  // softmax is deterministic always
};

// Words of a window that are taken together against its target and negatives; the next ones see these as they were
// changed. Steps of a whole window at once would learn analogies more slowly.
inline constexpr int kInputsAtOnce = 2;

inline constexpr double kLeastRate = 1e-4;

// The learning rate at a word: `word` of an epoch that has `words`.
MATINEE_HOST_DEVICE inline float learning_rate_at(const Settings& settings, int64_t epoch, int64_t words,
                                                  int64_t word) {
  const double all = static_cast<double>(settings.epochs) * static_cast<double>(words);
  const double left = 1.0 - (static_cast<double>(epoch) * static_cast<double>(words) + static_cast<double>(word)) / all;
  return settings.learning_rate * static_cast<float>(left > kLeastRate ? left : kLeastRate);
}

}  // namespace matinee::skip_gram
