#pragma once

#include <cstdint>
#include <vector>

#include "kernels/factorization/als_loss.h"
#include "kernels/factorization/als_sweep.h"
#include "kernels/support/buffer.h"
#include "tests/support/training_data.h"

namespace matinee::test {

// Random ratings, some users and items without any, and random factors for both sides.
struct LeastSquaresProblem {
  TrainingData data;
  int64_t factors, stride;
  Buffer<float> user_factors, item_factors;
  Buffer<double> user_gram, item_gram;  // by the textbook
  factorization::AlsObjective objective;

  LeastSquaresProblem(int32_t users, int32_t items, int64_t factors, double density, uint64_t seed);

  MatrixView<const float> users() const { return {user_factors.data(), data.ratings.user_count, stride, stride}; }
  MatrixView<const float> items() const { return {item_factors.data(), data.ratings.item_count, stride, stride}; }
  factorization::AlsFactors view() const { return {users(), items(), user_gram.data(), item_gram.data()}; }
  // The half that solves for the users.
  factorization::AlsSweep sweep() const;

  // The user's row by the textbook, in double.
  std::vector<double> solution(int32_t user) const;
  // The objective by the textbook, over all pairs, in double.
  double loss() const;
};

// Largest distance of a user's row of `solved` (users, stride) from the textbook's, in norms of that; infinite where
// a number is NaN or padding is not zero.
double largest_error(const LeastSquaresProblem& problem, const Buffer<float>& solved);

}  // namespace matinee::test
