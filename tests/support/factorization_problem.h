#pragma once

#include <cstdint>
#include <vector>

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/rating_blocks.h"
#include "kernels/factorization/sgd_epoch.h"
#include "tests/support/training_data.h"

namespace matinee::test {

// A level's rating on the default grid, as training's target.
factorization::LevelValues half_star_values();
// The same mapped to [0, 1].
factorization::LevelValues unit_values();

// Random ratings and a random model in training form, shares 1 / (row + 1).
struct FactorizationProblem {
  TrainingData data;
  int64_t factors, stride;
  Buffer<float> user_factors, item_factors, user_biases, item_biases, user_shares, item_shares;

  FactorizationProblem(int32_t users, int32_t items, int64_t factors, double density, uint64_t seed);

  factorization::FactorsView<float> view();
  // The model's numbers, all of them.
  std::vector<float> numbers() const;
  // Penalties that all differ.
  factorization::Objective objective(factorization::Link link, bool biases) const;
};

// The model in double, updated one rating after the other by the textbook formulas.
class ReferenceFactors {
 public:
  explicit ReferenceFactors(FactorizationProblem& problem);

  double predictor(int32_t user, int32_t item) const;
  double error(const factorization::Rating& rating, factorization::Link link) const;
  // One step on one rating; returns e².
  double step(const factorization::Rating& rating, const factorization::Objective& objective, double learning_rate);
  // One step of Bayesian personalised ranking; returns (1 - σ(x_ui - x_uj))².
  double pair_step(int32_t user, int32_t positive, int32_t negative, const factorization::Objective& objective,
                   double learning_rate);
  // Largest difference to the model of `problem` over all its numbers; NaN counts as infinite.
  double distance(FactorizationProblem& problem) const;

 private:
  double& p(int64_t user, int64_t k) { return user_factors_[static_cast<std::size_t>(user * factors_ + k)]; }
  double& q(int64_t item, int64_t k) { return item_factors_[static_cast<std::size_t>(item * factors_ + k)]; }

  int64_t factors_;
  double mean_;
  std::vector<double> user_factors_, item_factors_, user_biases_, item_biases_;
};

}  // namespace matinee::test
