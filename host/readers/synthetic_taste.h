#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "kernels/support/philox.h"

namespace matinee::host {

// Who likes what in synthetic data, all from one seed.
class SyntheticTaste {
 public:
  static constexpr int kFactors = 8;
  using Factors = std::array<float, kFactors>;

  struct User {
    Factors factors;
    float bias;
  };

  SyntheticTaste(uint64_t seed, int64_t items);

  User user(int64_t index) const;

  // The item of a popularity rank: a fixed shuffle.
  int32_t item_of_rank(int64_t rank) const { return item_of_rank_[static_cast<std::size_t>(rank)]; }
  // How well the item suits the user, about N(0, 1).
  float affinity(const User& user, int32_t item) const;
  float item_bias(int32_t item) const { return biases_[static_cast<std::size_t>(item)]; }

  // Popularity of rank r is the integral of 1 / (x + shift) over r .. r+1.
  int64_t draw_rank(double uniform) const;
  double popularity(int64_t rank) const;  // up to a constant factor

 private:
  uint64_t seed_;
  int64_t items_;
  double shift_;
  std::vector<int32_t> item_of_rank_;
  std::vector<Factors> factors_;
  std::vector<float> biases_;
};

// The ratings that each of `users` gives: at least 1, at most `items`, `ratings` in all.
std::vector<int64_t> synthetic_activity(uint64_t seed, int64_t users, int64_t items, int64_t ratings);

// Parts of the random stream kSynthetic. A user's own draws are part kFirstUserPart + user.
enum SyntheticPart : uint64_t { kItemShufflePart = 0, kItemFactorPart, kUserFactorPart, kActivityPart, kFirstUserPart };

inline Philox synthetic_draws(uint64_t seed, uint64_t part) {
  return {seed, stream_id(RandomStream::kSynthetic, part)};
}

}  // namespace matinee::host
