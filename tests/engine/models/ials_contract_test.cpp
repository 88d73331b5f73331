#include "engine/models/ials.h"
#include "tests/engine/models/model_contract.h"

namespace matinee::engine {

INSTANTIATE_TEST_SUITE_P(Ials, ModelContract, testing::Values(ModelCase{.make = make_case<Ials>}));

}  // namespace matinee::engine
