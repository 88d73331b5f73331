#include "engine/models/neural_cf.h"
#include "tests/engine/models/model_contract.h"
#include "tests/support/chosen_parameters.h"

namespace matinee::engine {
namespace {

// Steps large and many enough for some 1000 ratings.
template <typename M>
std::unique_ptr<Model> quick() {
  return test::chosen<M>({{"factors", 4.0}, {"epochs", 40.0}, {"batch", 64.0}, {"learning_rate", 0.01}});
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Gmf, ModelContract, testing::Values(ModelCase{.make = quick<Gmf>}));
INSTANTIATE_TEST_SUITE_P(Mlp, ModelContract, testing::Values(ModelCase{.make = quick<Mlp>}));
INSTANTIATE_TEST_SUITE_P(NeuMf, ModelContract, testing::Values(ModelCase{.make = quick<NeuMf>}));

}  // namespace matinee::engine
