#include "tests/support/factorization_problem.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/support/philox.h"

namespace matinee::test {
namespace {

using factorization::Link;

constexpr float kMean = 0.4f;

// Numbers in -0.5 .. 0.5.
void fill(Buffer<float>& values, int64_t rows, int64_t columns, int64_t stride, const Philox& draws, uint64_t first) {
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) {
      const auto index = first + static_cast<uint64_t>(row * columns + column);
      values[row * stride + column] = static_cast<float>(draws.uniform(index) - 0.5);
    }
  }
}

std::vector<double> unpadded(const Buffer<float>& values, int64_t rows, int64_t columns, int64_t stride) {
  std::vector<double> result;
  for (int64_t row = 0; row < rows; ++row) {
    for (int64_t column = 0; column < columns; ++column) {
      result.push_back(static_cast<double>(values[row * stride + column]));
    }
  }
  return result;
}

double farthest(const std::vector<double>& a, const std::vector<double>& b) {
  double distance = 0;
  for (std::size_t n = 0; n < a.size(); ++n) {
    const double difference = std::abs(a[n] - b[n]);
    distance = std::isfinite(difference) ? std::max(distance, difference) : std::numeric_limits<double>::infinity();
  }
  return distance;
}

}  // namespace

factorization::LevelValues half_star_values() {
  factorization::LevelValues values;
  for (int level = 0; level < 256; ++level) values[static_cast<std::size_t>(level)] = 0.5f * static_cast<float>(level);
  return values;
}

factorization::LevelValues unit_values() {
  factorization::LevelValues values;
  for (int level = 0; level < 256; ++level) {
    values[static_cast<std::size_t>(level)] = static_cast<float>(level - 1) / 9.0f;
  }
  return values;
}

FactorizationProblem::FactorizationProblem(int32_t users, int32_t items, int64_t factor_count, double density,
                                           uint64_t seed)
    : data(random_ratings(users, items, density, seed)),
      factors(factor_count),
      stride(factorization::padded(factor_count)),
      user_factors(users * stride),
      item_factors(items * stride),
      user_biases(users),
      item_biases(items),
      user_shares(users),
      item_shares(items) {
  const Philox draws(seed, 99);
  fill(user_factors, users, factors, stride, draws, 0);
  fill(item_factors, items, factors, stride, draws, 1 << 24);
  fill(user_biases, users, 1, 1, draws, 2 << 24);
  fill(item_biases, items, 1, 1, draws, 3 << 24);
  for (int32_t row = 0; row < users; ++row) user_shares[row] = 1.0f / static_cast<float>(row + 1);
  for (int32_t row = 0; row < items; ++row) item_shares[row] = 1.0f / static_cast<float>(row + 1);
}

factorization::FactorsView<float> FactorizationProblem::view() {
  return {.user_factors = {user_factors.data(), data.ratings.user_count, stride, stride},
          .item_factors = {item_factors.data(), data.ratings.item_count, stride, stride},
          .user_biases = user_biases.data(),
          .item_biases = item_biases.data(),
          .mean = kMean};
}

std::vector<float> FactorizationProblem::numbers() const {
  std::vector<float> all;
  for (const auto* part : {&user_factors, &item_factors, &user_biases, &item_biases}) {
    all.insert(all.end(), part->span().begin(), part->span().end());
  }
  return all;
}

factorization::Objective FactorizationProblem::objective(Link link, bool biases) const {
  return {.link = link,
          .biases = biases,
          .user_penalty = 0.1f,
          .item_penalty = 0.2f,
          .user_bias_penalty = 0.3f,
          .item_bias_penalty = 0.4f,
          .user_shares = user_shares.data(),
          .item_shares = item_shares.data()};
}

ReferenceFactors::ReferenceFactors(FactorizationProblem& problem)
    : factors_(problem.factors),
      mean_(static_cast<double>(kMean)),
      user_factors_(unpadded(problem.user_factors, problem.data.ratings.user_count, problem.factors, problem.stride)),
      item_factors_(unpadded(problem.item_factors, problem.data.ratings.item_count, problem.factors, problem.stride)),
      user_biases_(unpadded(problem.user_biases, problem.data.ratings.user_count, 1, 1)),
      item_biases_(unpadded(problem.item_biases, problem.data.ratings.item_count, 1, 1)) {}

double ReferenceFactors::predictor(int32_t user, int32_t item) const {
  double sum = mean_ + user_biases_[static_cast<std::size_t>(user)] + item_biases_[static_cast<std::size_t>(item)];
  for (int64_t k = 0; k < factors_; ++k) {
    sum += user_factors_[static_cast<std::size_t>(user * factors_ + k)] *
           item_factors_[static_cast<std::size_t>(item * factors_ + k)];
  }
  return sum;
}

double ReferenceFactors::error(const factorization::Rating& rating, Link link) const {
  const double x = predictor(rating.user, rating.item);
  return static_cast<double>(rating.value) - (link == Link::kIdentity ? x : 1 / (1 + std::exp(-x)));
}

double ReferenceFactors::step(const factorization::Rating& rating, const factorization::Objective& objective,
                              double learning_rate) {
  const double e = error(rating, objective.link);
  const double prediction = static_cast<double>(rating.value) - e;
  const double g = objective.link == Link::kLogistic ? e * prediction * (1 - prediction) : e;
  const double user_share = static_cast<double>(objective.user_shares[rating.user]);
  const double item_share = static_cast<double>(objective.item_shares[rating.item]);
  for (int64_t k = 0; k < factors_; ++k) {
    const double old_p = p(rating.user, k), old_q = q(rating.item, k);
    p(rating.user, k) += learning_rate * (g * old_q - static_cast<double>(objective.user_penalty) * user_share * old_p);
    q(rating.item, k) += learning_rate * (g * old_p - static_cast<double>(objective.item_penalty) * item_share * old_q);
  }
  if (objective.biases) {
    double& b = user_biases_[static_cast<std::size_t>(rating.user)];
    double& c = item_biases_[static_cast<std::size_t>(rating.item)];
    b += learning_rate * (g - static_cast<double>(objective.user_bias_penalty) * user_share * b);
    c += learning_rate * (g - static_cast<double>(objective.item_bias_penalty) * item_share * c);
  }
  return e * e;
}

double ReferenceFactors::pair_step(int32_t user, int32_t positive, int32_t negative,
                                   const factorization::Objective& objective, double learning_rate) {
  const double error = 1 / (1 + std::exp(predictor(user, positive) - predictor(user, negative)));
  const double user_penalty =
      static_cast<double>(objective.user_penalty) * static_cast<double>(objective.user_shares[user]);
  const auto item_share = static_cast<double>(objective.item_shares[positive]);
  const double item_penalty = static_cast<double>(objective.item_penalty) * item_share;
  for (int64_t k = 0; k < factors_; ++k) {
    const double old_p = p(user, k), old_q = q(positive, k), old_n = q(negative, k);
    p(user, k) += learning_rate * (error * (old_q - old_n) - user_penalty * old_p);
    q(positive, k) += learning_rate * (error * old_p - item_penalty * old_q);
    q(negative, k) += learning_rate * (-error * old_p - item_penalty * old_n);
  }
  if (objective.biases) {
    const double penalty = static_cast<double>(objective.item_bias_penalty) * item_share;
    double& c = item_biases_[static_cast<std::size_t>(positive)];
    double& d = item_biases_[static_cast<std::size_t>(negative)];
    c += learning_rate * (error - penalty * c);
    d += learning_rate * (-error - penalty * d);
  }
  return error * error;
}

double ReferenceFactors::distance(FactorizationProblem& problem) const {
  const ReferenceFactors other(problem);
  return std::max({farthest(user_factors_, other.user_factors_), farthest(item_factors_, other.item_factors_),
                   farthest(user_biases_, other.user_biases_), farthest(item_biases_, other.item_biases_)});
}

}  // namespace matinee::test
