#pragma once

#include "kernels/factorization/training_operands.cuh"

namespace matinee::factorization {

// The number of a thread in its team of kThreads.
template <int kThreads = kTeam>
__device__ inline int team_member() {
  return static_cast<int>(threadIdx.x) % kThreads;
}

// The largest count of the warp's teams.
template <int kThreads = kTeam>
__device__ inline int32_t longest_of_warp(int32_t count) {
  for (int distance = kThreads; distance < 32; distance *= 2) {
    count = max(count, __shfl_xor_sync(~0u, count, distance));
  }
  return count;
}

// The ratings of a team's tile, one after the other, read once: a window of aligned words at a time, which the team
// keeps between its threads. All threads of the warp read together, also those of teams that are done.
template <int kThreads>
class TileRatings {
 public:
  __device__ TileRatings() = default;
  __device__ TileRatings(const int32_t* ratings, const int64_t* offsets, int64_t tile)
      : number_(offsets[tile]), count_(static_cast<int32_t>(offsets[tile + 1] - number_)) {
    const int64_t first = kRatingWords * number_;
    windows_ = ratings + first / kWindow * kWindow;
    word_ = static_cast<int32_t>(first % kWindow);
  }

  __device__ int32_t size() const { return count_; }
  // Of the first rating, in the order of RatingBlocks.
  __device__ int64_t first_number() const { return number_; }

  // The next one; beyond the end: a rating of user -1.
  __device__ Rating next() {
    const bool present = count_ > taken_;
    ++taken_;
    int32_t words[kRatingWords];
    for (int32_t& word : words) word = next_word(present);
    if (!present) words[0] = -1;
    return {words[0], words[1], __int_as_float(words[2])};
  }

 private:
  static constexpr int kRatingWords = 3;
  static_assert(sizeof(Rating) == kRatingWords * sizeof(int32_t));
  static constexpr int kOwn = kThreads == kTeam ? 4 : 1;  // words of a window that a thread keeps
  static constexpr int kWindow = kThreads * kOwn;
  static_assert(kWindowBytes % (kWindow * sizeof(int32_t)) == 0);

  __device__ int32_t next_word(bool present) {
    if (present && word_ / kWindow != held_) {
      held_ = word_ / kWindow;
      load(windows_ + static_cast<int64_t>(held_) * kWindow);
    }
    const int place = word_ % kWindow;
    int32_t own = own_[0];
#pragma unroll
    for (int n = 1; n < kOwn; ++n) own = place % kOwn == n ? own_[n] : own;
    if (present) ++word_;
    return __shfl_sync(~0u, own, place / kOwn, kThreads);
  }

  __device__ void load(const int32_t* window) {
    if constexpr (kOwn == 4) {
      const int4 own = reinterpret_cast<const int4*>(window)[team_member<kThreads>()];
      own_[0] = own.x;
      own_[1] = own.y;
      own_[2] = own.z;
      own_[3] = own.w;
    } else {
      own_[0] = window[team_member<kThreads>()];
    }
  }

  const int32_t* windows_ = nullptr;
  int64_t number_ = 0;
  int32_t count_ = 0, taken_ = 0;
  int32_t word_ = 0, held_ = -1;  // the next word, the window that is kept, counted from windows_
  int32_t own_[kOwn] = {};
};

}  // namespace matinee::factorization
