#include "kernels/skip_gram/training_operands.h"

#include <algorithm>
#include <cmath>

#include "kernels/skip_gram/softmax_pairs.h"
#include "kernels/skip_gram/softmax_sums.h"
#include "kernels/skip_gram/training_operands_cuda.h"
#include "kernels/support/buffer.h"
#include "kernels/support/dispatch.h"
#include "kernels/support/error.h"

namespace matinee::skip_gram {
namespace {

// Σ of learning rates over the pairs of a round that one word is in. A step of a pair changes a dot product x by the
// rate times the square of the other vector's length, and what the next pair would see of it is at most a quarter.
constexpr double kMostRatePerRound = 4.0;
constexpr int64_t kMostRoundWords = 4096, kLeastGranule = 65536;
constexpr int64_t kSoftmaxGranule = 64;  // a word may take as long as some hundred with negatives

void check_rows(const char* what, const MatrixView<float>& rows, int32_t vocabulary) {
  if (rows.rows != vocabulary) fail(ErrorKind::kConfig, "{} vectors for {} words: {}", what, vocabulary, rows.rows);
  const bool aligned = reinterpret_cast<uintptr_t>(rows.data) % kBufferAlignment == 0;
  if (rows.columns != rows.stride || rows.stride % kLanes != 0 || rows.stride == 0 || !aligned) {
    fail(ErrorKind::kConfig, "the {} vectors are not padded to a multiple of {} and aligned", what, kLanes);
  }
}

void check(const CorpusView& corpus, const Settings& settings, const VectorsView<float>& vectors) {
  const auto refuse = [](const char* what) { fail(ErrorKind::kConfig, "skip-gram: {} is out of range", what); };
  if (settings.window < 1 || settings.window > kMostWindow) refuse("the window");
  if (settings.negatives < 0 || settings.negatives > kMostNegatives) refuse("the number of negatives");
  if (!(settings.subsample >= 0)) refuse("subsampling");
  if (!(settings.learning_rate > 0) || !std::isfinite(settings.learning_rate)) refuse("the learning rate");
  if (settings.epochs < 1) refuse("the number of epochs");
  check_rows("input", vectors.input, corpus.vocabulary);
  check_rows("output", vectors.output, corpus.vocabulary);
  if (vectors.input.stride != vectors.output.stride) {
    fail(ErrorKind::kConfig, "input vectors of length {} and output vectors of length {}", vectors.input.stride,
         vectors.output.stride);
  }
  for (const int32_t word : corpus.all_words()) {
    if (word < 0 || word >= corpus.vocabulary) {
      fail(ErrorKind::kConfig, "word {} of a vocabulary of {}", word, corpus.vocabulary);
    }
  }
}

int64_t round_words_of(const Settings& settings, double most_pairs_per_word) {
  const double rate = static_cast<double>(settings.learning_rate) * most_pairs_per_word;
  const double words = rate > 0 ? kMostRatePerRound / rate : static_cast<double>(kMostRoundWords);
  return std::clamp(static_cast<int64_t>(std::min(words, 1e9)), int64_t{1}, kMostRoundWords);
}

constexpr int64_t kNumberBytes = sizeof(float), kLossBytes = 2 * sizeof(unsigned long long);

int64_t softmax_bytes(const Settings& settings, int64_t words, int64_t vocabulary, int64_t stride) {
  constexpr int64_t kPairBytes = sizeof(SoftmaxPair) + 2 * sizeof(double);  // with its loss
  const int64_t chunks = pieces(vocabulary, softmax_chunk_words(vocabulary));
  const int64_t pairs = 2 * settings.window * std::min(words, kSoftmaxWordsOnDevice);
  return (2 * vocabulary + chunks) * stride * kNumberBytes + vocabulary * kNumberBytes +
         chunks * static_cast<int64_t>(sizeof(SoftmaxSum)) + pairs * kPairBytes + kLossBytes;
}

}  // namespace

TrainingOperands::TrainingOperands(Context& context, const CorpusView& corpus, const Settings& settings,
                                   const VectorsView<float>& vectors)
    : corpus_(corpus), settings_(settings), vectors_(vectors) {
  check(corpus, settings, vectors);
  draws_ = std::make_shared<const Draws>(corpus, settings);
  round_words_ = round_words_of(settings, draws_->most_pairs_per_word());
  granule_ = settings.output == Output::kSoftmax ? kSoftmaxGranule : rounded_up(kLeastGranule, round_words_);
  if (context.on_cuda()) MATINEE_ON_CUDA(hold_on_device, context, *this, device_);
}

int64_t TrainingOperands::device_bytes(const Settings& settings, int64_t words, int64_t vocabulary,
                                       int64_t dimensions) {
  if (settings.output == Output::kSoftmax) return softmax_bytes(settings, words, vocabulary, padded(dimensions));
  constexpr int64_t kColumnBytes = sizeof(NoiseColumn);
  constexpr int64_t kRowBytes = sizeof(uint32_t);  // in which round it moved
  constexpr int64_t kWindowBytes = 2 * sizeof(int32_t) + 2,
                    kStartBytes = sizeof(int64_t);  // a round has a word at least
  const int64_t at_once = std::min(words, kWordsOnDevice + kMostRoundWords + 2 * kMostWindow);
  return 4 * vocabulary * padded(dimensions) * kNumberBytes  // vectors, and what is added up of their steps
         + vocabulary * (2 * kRowBytes + kColumnBytes) + (at_once + 2) * (kWindowBytes + kStartBytes) + kLossBytes;
}

void TrainingOperands::fetch(Context& context) const {
  if (device_) MATINEE_ON_CUDA(fetch_vectors, context, *device_, vectors_);
}

}  // namespace matinee::skip_gram
