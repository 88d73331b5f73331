#pragma once

#include <vector>

#include "engine/model.h"
#include "tests/support/training_data.h"

namespace matinee::test {

// What a factorisation model saves, read back; arithmetic in double.
struct SavedFactors {
  int64_t factors = 0;
  std::vector<float> user_factors, item_factors, user_biases, item_biases;
  float mean = 0;

  explicit SavedFactors(const engine::Model& model);

  double p(int64_t user, int64_t k) const;
  double q(int64_t item, int64_t k) const;
  double predict(int64_t user, int64_t item) const;  // before any link
  double item_cosine(int64_t a, int64_t b) const;
};

// The mean training rating, mapped to 0 .. 1.
double mean_unit_rating(const TrainingData& data);

}  // namespace matinee::test
