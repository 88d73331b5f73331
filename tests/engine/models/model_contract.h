#pragma once

#include <functional>
#include <memory>
#include <ostream>

#include <gtest/gtest.h>

#include "engine/model.h"

namespace matinee::engine {

// What a model can find out on the checkerboard of tests/support/training_data.h.
enum class Learns {
  kNothing,       // scores do not depend on the user's taste: stated for the baselines only
  kInteractions,  // from the liked pairs alone
  kRatings,       // from liked and disliked pairs
};

// A type of model under the contract of engine/model.h.
struct ModelCase {
  std::function<std::unique_ptr<Model>()> make;  // untrained, with parameters that suit some 1000 ratings
  Learns learns = Learns::kInteractions;
  double ordered_share = 0.98;  // of the withheld (liked, disliked) pairs of a user, how many must be scored in order
  bool stores = true;           // needs memory that grows with the data
  bool offers_checkpoints = true;  // can be stopped in the middle of training on 31 × 33 ratings
};

inline void PrintTo(const ModelCase& model_case, std::ostream* out) {
  *out << model_case.make()->type();
}

// The contract suite. Add a model in three lines of tests/engine/models/MODEL_contract_test.cpp:
//   INSTANTIATE_TEST_SUITE_P(MODEL, ModelContract, testing::Values(ModelCase{.make = make_case<MODEL>}));
class ModelContract : public testing::TestWithParam<ModelCase> {};

template <typename M>
std::unique_ptr<Model> make_case() {
  return std::make_unique<M>();
}

}  // namespace matinee::engine
