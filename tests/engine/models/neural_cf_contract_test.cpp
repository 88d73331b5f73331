#include "engine/models/neural_cf.h"
#include "tests/engine/models/model_contract.h"
#include "tests/support/chosen_parameters.h"

namespace matinee::engine {
namespace {

// Steps large and many enough for some 1000 ratings, and few enough: negatives are drawn among what is withheld too.
template <typename M>
std::unique_ptr<Model> quick() {
  return test::chosen<M>(
      {{"factors", 2.0}, {"epochs", 10.0}, {"batch", 64.0}, {"learning_rate", 0.005}, {"regularization", 0.01}});
}

// Towers find their bearings later.
std::unique_ptr<Model> quick_tower() {
  return test::chosen<Mlp>(
      {{"factors", 8.0}, {"epochs", 10.0}, {"batch", 64.0}, {"learning_rate", 0.02}, {"regularization", 0.03}});
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Gmf, ModelContract, testing::Values(ModelCase{.make = quick<Gmf>}));
INSTANTIATE_TEST_SUITE_P(Mlp, ModelContract, testing::Values(ModelCase{.make = quick_tower}));
INSTANTIATE_TEST_SUITE_P(NeuMf, ModelContract, testing::Values(ModelCase{.make = quick<NeuMf>}));

}  // namespace matinee::engine
