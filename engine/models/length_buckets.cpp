#include "engine/models/length_buckets.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

constexpr uint64_t kDrawnNumbers = uint64_t{1} << 40;  // part of a stream, beyond all epochs

std::vector<int64_t> numbers(int64_t count) {
  std::vector<int64_t> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

// Fisher and Yates; takes draws `first` … of the generator.
template <typename T>
void shuffle(std::vector<T>& values, const Philox& draws, uint64_t first) {
  for (std::size_t left = values.size(); left > 1; --left) {
    std::swap(values[left - 1], values[draws.below(first++, left)]);
  }
}

template <typename Iterator>
void longest_first(const TokenTexts& texts, Iterator begin, Iterator end) {
  std::stable_sort(begin, end, [&](int64_t a, int64_t b) { return texts.length(a) > texts.length(b); });
}

std::vector<std::vector<int64_t>> cut(const std::vector<int64_t>& pieces, int64_t batch) {
  std::vector<std::vector<int64_t>> batches;
  for (auto from = pieces.begin(); from != pieces.end();) {
    const auto to = from + std::min<std::ptrdiff_t>(batch, pieces.end() - from);
    batches.emplace_back(from, to);
    from = to;
  }
  return batches;
}

}  // namespace

std::vector<std::vector<int64_t>> length_buckets(const TokenTexts& texts, int64_t batch, uint64_t seed, int64_t epoch) {
  const Philox draws(seed, stream_id(RandomStream::kBatches, static_cast<uint64_t>(epoch)));
  std::vector<int64_t> pieces = numbers(texts.size());
  shuffle(pieces, draws, 0);
  const int64_t window = batch * kBucketBatches;
  for (int64_t begin = 0; begin < texts.size(); begin += window) {
    longest_first(texts, pieces.begin() + begin, pieces.begin() + std::min(begin + window, texts.size()));
  }
  std::vector<std::vector<int64_t>> batches = cut(pieces, batch);
  shuffle(batches, draws, static_cast<uint64_t>(texts.size()));
  return batches;
}

std::vector<int64_t> drawn_numbers(int64_t count, int64_t most, uint64_t seed) {
  std::vector<int64_t> drawn = numbers(count);
  if (most == 0 || most >= count) return drawn;
  shuffle(drawn, Philox(seed, stream_id(RandomStream::kBatches, kDrawnNumbers)), 0);
  drawn.resize(static_cast<std::size_t>(most));
  return drawn;
}

std::vector<std::vector<int64_t>> batches_by_length(const TokenTexts& texts, std::vector<int64_t> pieces,
                                                    int64_t batch) {
  std::ranges::sort(pieces);
  longest_first(texts, pieces.begin(), pieces.end());
  return cut(pieces, batch);
}

}  // namespace matinee::engine
