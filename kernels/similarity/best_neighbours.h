#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

namespace matinee::similarity {

// Keeps the `count` best of the candidates that are offered in any order: higher similarity first, ties by smaller
// index. A candidate is a 64-bit key, so that better means greater; it must clear the worst of the best so far, and
// partial selection thins the survivors only when twice as many as needed have gathered.
class BestNeighbours {
 public:
  explicit BestNeighbours(int64_t count) : count_(count), keys_(static_cast<std::size_t>(2 * count + kSlack)) {}

  void clear() {
    size_ = 0;
    least_key_ = 0;
    least_similarity_ = -std::numeric_limits<float>::infinity();
  }

  // A candidate below this similarity cannot be among the best.
  float least_similarity() const { return least_similarity_; }

  void offer(int32_t index, float similarity) {
    const uint64_t key = key_of(index, similarity);
    if (key <= least_key_) return;
    keys_[static_cast<std::size_t>(size_++)] = key;
    if (size_ == static_cast<int64_t>(keys_.size())) thin();
  }

  // Writes the best, best first, and returns how many there are.
  int64_t take(int32_t* indices, float* similarities) {
    if (size_ > count_) thin();
    std::sort(keys_.begin(), keys_.begin() + size_, std::greater<>());
    for (int64_t place = 0; place < size_; ++place) {
      const uint64_t key = keys_[static_cast<std::size_t>(place)];
      indices[place] = index_of(key);
      similarities[place] = similarity_of(key);
    }
    return size_;
  }

 private:
  static constexpr int64_t kSlack = 64;

  // The bits of a float, changed so that they rise with it; below them the index, turned round. Never 0.
  static uint64_t key_of(int32_t index, float similarity) {
    const auto bits = std::bit_cast<uint32_t>(similarity);
    const uint32_t rising = bits & kSign ? ~bits : bits | kSign;
    return uint64_t{rising} << 32 | static_cast<uint32_t>(~index);
  }
  static float similarity_of(uint64_t key) {
    const auto rising = static_cast<uint32_t>(key >> 32);
    return std::bit_cast<float>(rising & kSign ? rising & ~kSign : ~rising);
  }
  static int32_t index_of(uint64_t key) { return static_cast<int32_t>(~static_cast<uint32_t>(key)); }

  void thin() {
    const auto last = keys_.begin() + (count_ - 1);
    std::nth_element(keys_.begin(), last, keys_.begin() + size_, std::greater<>());
    size_ = count_;
    least_key_ = *last;
    least_similarity_ = similarity_of(least_key_);
  }

  static constexpr uint32_t kSign = uint32_t{1} << 31;

  int64_t count_;
  int64_t size_ = 0;
  uint64_t least_key_ = 0;
  float least_similarity_ = 0;
  std::vector<uint64_t> keys_;
};

}  // namespace matinee::similarity
