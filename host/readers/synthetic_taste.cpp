#include "host/readers/synthetic_taste.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace matinee::host {
namespace {

constexpr double kBiasDeviation = 0.5;      // of users and items, in deviations of the taste
constexpr double kActivityDeviation = 1.0;  // of the logarithm of a user's number of ratings

}  // namespace

SyntheticTaste::SyntheticTaste(uint64_t seed, int64_t items)
    : seed_(seed),
      items_(items),
      shift_(5 + 0.005 * static_cast<double>(items)),
      item_of_rank_(static_cast<std::size_t>(items)),
      factors_(static_cast<std::size_t>(items)),
      biases_(static_cast<std::size_t>(items)) {
  std::iota(item_of_rank_.begin(), item_of_rank_.end(), 0);
  const Philox shuffle = synthetic_draws(seed, kItemShufflePart);
  for (std::size_t rank = item_of_rank_.size(); rank > 1; --rank) {
    std::swap(item_of_rank_[rank - 1], item_of_rank_[shuffle.below(rank, rank)]);
  }
  const Philox draws = synthetic_draws(seed, kItemFactorPart);
  for (std::size_t item = 0; item < factors_.size(); ++item) {
    const uint64_t first = item * (kFactors + 1);
    for (std::size_t f = 0; f < kFactors; ++f) factors_[item][f] = static_cast<float>(normal(draws, first + f));
    biases_[item] = static_cast<float>(kBiasDeviation * normal(draws, first + kFactors));
  }
}

SyntheticTaste::User SyntheticTaste::user(int64_t index) const {
  const Philox draws = synthetic_draws(seed_, kUserFactorPart);
  const uint64_t first = static_cast<uint64_t>(index) * (kFactors + 1);
  User user{};
  for (std::size_t f = 0; f < kFactors; ++f) user.factors[f] = static_cast<float>(normal(draws, first + f));
  user.bias = static_cast<float>(kBiasDeviation * normal(draws, first + kFactors));
  return user;
}

float SyntheticTaste::affinity(const User& user, int32_t item) const {
  const Factors& factors = factors_[static_cast<std::size_t>(item)];
  float product = 0;
  for (std::size_t f = 0; f < kFactors; ++f) product += user.factors[f] * factors[f];
  return product / std::sqrt(static_cast<float>(kFactors));
}

int64_t SyntheticTaste::draw_rank(double uniform) const {
  const double x = shift_ * std::pow((static_cast<double>(items_) + shift_) / shift_, uniform) - shift_;
  return std::clamp<int64_t>(static_cast<int64_t>(x), 0, items_ - 1);
}

double SyntheticTaste::popularity(int64_t rank) const {
  return std::log1p(1.0 / (static_cast<double>(rank) + shift_));
}

std::vector<int64_t> synthetic_activity(uint64_t seed, int64_t users, int64_t items, int64_t ratings) {
  const Philox draws = synthetic_draws(seed, kActivityPart);
  std::vector<double> weight(static_cast<std::size_t>(users));
  double total = 0;
  for (std::size_t user = 0; user < weight.size(); ++user) {
    total += weight[user] = std::exp(kActivityDeviation * normal(draws, user));
  }
  // Everyone has one; the rest falls by weight. Rounding a running sum keeps the total exact.
  std::vector<int64_t> count(weight.size());
  const auto rest = static_cast<double>(ratings - users);
  double before = 0;
  int64_t given = 0, left = ratings;
  for (std::size_t user = 0; user < weight.size(); ++user) {
    before += weight[user];
    const int64_t due = std::min(ratings - users, static_cast<int64_t>(rest * (before / total)));
    count[user] = std::min(items, 1 + due - given);
    given = due;
    left -= count[user];
  }
  // What the cap at `items` and rounding left over goes round in equal parts.
  while (left > 0) {
    const int64_t part = (left + users - 1) / users;
    for (std::size_t user = 0; user < count.size() && left > 0; ++user) {
      const int64_t more = std::min({part, items - count[user], left});
      count[user] += more;
      left -= more;
    }
  }
  return count;
}

}  // namespace matinee::host
