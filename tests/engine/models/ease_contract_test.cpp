#include "engine/models/ease.h"
#include "tests/engine/models/model_contract.h"
#include "tests/support/chosen_parameters.h"

namespace matinee::engine {
namespace {

std::unique_ptr<Model> make_ease() {
  return test::chosen<Ease>({{"l2", 10.0}});
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Ease, ModelContract, testing::Values(ModelCase{.make = make_ease}));

}  // namespace matinee::engine
