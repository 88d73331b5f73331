#pragma once

#include <cstdint>
#include <vector>

#include "kernels/skip_gram/corpus_view.h"
#include "kernels/skip_gram/settings.h"
#include "kernels/support/philox.h"

namespace matinee::skip_gram {

// A column of an alias table (Walker 1977): the word of its number with probability (threshold / 2^32), else `alias`.
struct NoiseColumn {
  uint32_t threshold;
  int32_t alias;
};

// What is drawn at random in training, as both devices draw it. Place p of an epoch has a sequence of 32-bit draws of
// its own: number 0 decides whether its word is kept, 1 on the window, 2 + k on negative k.
struct DrawsView {
  uint64_t seed = 0;
  int32_t vocabulary = 0;
  int32_t window = 1, negatives = 0;
  const uint32_t* keep = nullptr;      // (vocabulary): kept where the draw is not above it
  const NoiseColumn* noise = nullptr;  // (vocabulary)

  Philox generator(int64_t epoch) const {
    return {seed, stream_id(RandomStream::kWords, static_cast<uint64_t>(epoch))};
  }
  MATINEE_HOST_DEVICE uint64_t blocks_per_place() const { return static_cast<uint64_t>(2 + negatives + 3) / 4; }
  // The four draws 4 b … 4 b + 3 of a place.
  MATINEE_HOST_DEVICE Philox::Block draws(const Philox& epoch, int64_t place, int b) const {
    return epoch.block(static_cast<uint64_t>(place) * blocks_per_place() + static_cast<uint64_t>(b));
  }
  // 1 .. window
  MATINEE_HOST_DEVICE int drawn_window(uint32_t draw) const {
    return 1 + static_cast<int>(uint64_t{draw} * static_cast<uint64_t>(window) >> 32);
  }
  // The high half of draw × vocabulary is the column, the low half, on a grid of vocabulary / 2^32, decides in it.
  MATINEE_HOST_DEVICE int32_t drawn_negative(uint32_t draw) const {
    const uint64_t product = uint64_t{draw} * static_cast<uint64_t>(vocabulary);
    const auto column = static_cast<int32_t>(product >> 32);
    const NoiseColumn choice = noise[column];
    return static_cast<uint32_t>(product) <= choice.threshold ? column : choice.alias;
  }
};

// The tables of a corpus under settings.
class Draws {
 public:
  Draws(const CorpusView& corpus, const Settings& settings);

  DrawsView view() const {
    return {seed_, static_cast<int32_t>(keep_.size()), window_, negatives_, keep_.data(), noise_.data()};
  }
  const std::vector<uint32_t>& keep() const { return keep_; }
  const std::vector<NoiseColumn>& noise() const { return noise_; }

  // Pairs per word of the corpus, expected, that the word in most of them is in: as one of a window or as told apart.
  double most_pairs_per_word() const { return most_pairs_; }

 private:
  uint64_t seed_;
  int window_, negatives_;
  std::vector<uint32_t> keep_;
  std::vector<NoiseColumn> noise_;
  double most_pairs_ = 0;
};

// Columns that draw index i with probability weights[i] / Σ weights; for weights that are all zero, each alike.
std::vector<NoiseColumn> alias_table(const std::vector<double>& weights);

// min(1, sqrt(t / f) + t / f), 1 where t or f is 0.
double keep_probability(double frequency, double t);

}  // namespace matinee::skip_gram
