#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <limits>
#include <vector>

#include "kernels/support/candidate_key.h"

namespace matinee::similarity {

// Keeps the `count` best of the candidates that are offered in any order: higher similarity first, ties by smaller
// index. A candidate is one number (candidate_key.h), so that better means greater; it must clear the worst of the best
// so far, and partial selection thins the survivors only when twice as many as needed have gathered.
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
    const uint64_t key = candidate_key(index, similarity);
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
      indices[place] = key_index(key);
      similarities[place] = key_value(key);
    }
    return size_;
  }

 private:
  static constexpr int64_t kSlack = 64;

  void thin() {
    const auto last = keys_.begin() + (count_ - 1);
    std::nth_element(keys_.begin(), last, keys_.begin() + size_, std::greater<>());
    size_ = count_;
    least_key_ = *last;
    least_similarity_ = key_value(least_key_);
  }

  int64_t count_;
  int64_t size_ = 0;
  uint64_t least_key_ = 0;
  float least_similarity_ = 0;
  std::vector<uint64_t> keys_;
};

}  // namespace matinee::similarity
