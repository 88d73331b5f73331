#include "engine/models/registry.h"
#include "tests/engine/models/model_contract.h"
#include "tests/support/checked_parameters.h"

namespace matinee::engine {
namespace {

TEST_P(ModelContract, ParametersAreDeclaredInOrderAndDefaultsAreInRange) {
  const auto model = GetParam().make();
  test::CheckedParameters parameters;
  model->describe(parameters);
}

TEST_P(ModelContract, IsRegisteredUnderItsType) {
  const std::string type(GetParam().make()->type());
  const auto registered = make_model(type);
  ASSERT_NE(registered, nullptr) << type;
  EXPECT_EQ(registered->type(), type);
}

}  // namespace
}  // namespace matinee::engine
