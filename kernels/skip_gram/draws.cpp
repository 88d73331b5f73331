#include "kernels/skip_gram/draws.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace matinee::skip_gram {
namespace {

constexpr double kNoisePower = 0.75;
constexpr uint32_t kAlways = std::numeric_limits<uint32_t>::max();

// p of all 2^32 draws, as the greatest of them.
uint32_t threshold_of(double p) {
  const double draws = std::floor(p * 0x1p32);
  return draws >= 0x1p32 ? kAlways : static_cast<uint32_t>(std::max(draws - 1, 0.0));
}

// Of each word of the vocabulary, the words beside it, expected, in windows over the whole corpus. Subsampling leaves
// no more of them beside a word that it keeps.
std::vector<double> neighbours_of(const CorpusView& corpus, int window) {
  std::vector<double> reach = {0};  // of a side with so many words
  for (int distance = 1; distance <= window; ++distance) {
    reach.push_back(reach.back() + static_cast<double>(window - distance + 1) / window);
  }
  const auto of_side = [&](int64_t words) { return reach[static_cast<std::size_t>(std::min<int64_t>(words, window))]; };
  std::vector<double> sums(static_cast<std::size_t>(corpus.vocabulary));
  for (int64_t document = 0; document < corpus.documents; ++document) {
    const int64_t begin = corpus.offsets[document], end = corpus.offsets[document + 1];
    for (int64_t at = begin; at < end; ++at) {
      sums[static_cast<std::size_t>(corpus.words[at])] += of_side(at - begin) + of_side(end - 1 - at);
    }
  }
  return sums;
}

}  // namespace

double keep_probability(double frequency, double t) {
  if (t == 0 || frequency == 0) return 1;
  return std::min(1.0, std::sqrt(t / frequency) + t / frequency);
}

std::vector<NoiseColumn> alias_table(const std::vector<double>& weights) {
  const std::size_t size = weights.size();
  double total = 0;
  for (const double weight : weights) total += weight;
  std::vector<NoiseColumn> columns(size);
  std::vector<double> filled(size);  // of a column, 1 is full
  std::vector<int32_t> low, high;
  for (std::size_t i = 0; i < size; ++i) {
    columns[i] = {kAlways, static_cast<int32_t>(i)};
    filled[i] = total > 0 ? weights[i] / total * static_cast<double>(size) : 1.0;
    (filled[i] < 1 ? low : high).push_back(static_cast<int32_t>(i));
  }
  while (!low.empty() && !high.empty()) {
    const int32_t column = low.back(), giver = high.back();
    low.pop_back();
    const auto c = static_cast<std::size_t>(column), g = static_cast<std::size_t>(giver);
    columns[c] = {threshold_of(filled[c]), giver};
    filled[g] -= 1 - filled[c];
    if (filled[g] >= 1) continue;
    high.pop_back();
    low.push_back(giver);
  }
  return columns;  // what is left over is full but for rounding
}

Draws::Draws(const CorpusView& corpus, const Settings& settings)
    : seed_(settings.seed), window_(settings.window), negatives_(settings.negatives) {
  double total = 0, noise_total = 0, pairs_total = 0;
  for (const int64_t count : corpus.all_counts()) total += static_cast<double>(count);
  std::vector<double> weights;  // per word: of the noise
  std::vector<double> pairs = neighbours_of(corpus, settings.window);
  for (const int64_t count : corpus.all_counts()) {
    const double frequency = total > 0 ? static_cast<double>(count) / total : 0;
    const double probability = keep_probability(frequency, settings.subsample);
    keep_.push_back(threshold_of(probability));
    weights.push_back(std::pow(static_cast<double>(count), kNoisePower));
    double& own = pairs[weights.size() - 1];
    own *= total > 0 ? probability / total : 0;
    noise_total += weights.back();
    pairs_total += own;
  }
  noise_ = alias_table(weights);
  const double negatives = settings.negatives;
  for (std::size_t word = 0; word < pairs.size(); ++word) {
    const double as_input = pairs[word] * (1 + negatives);
    const double noise = noise_total > 0 ? weights[word] / noise_total : 0;
    most_pairs_ = std::max({most_pairs_, as_input, pairs[word] + pairs_total * negatives * noise});
  }
}

}  // namespace matinee::skip_gram
