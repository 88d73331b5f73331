#include "engine/models/mf.h"
#include "engine/models/pmf.h"
#include "tests/engine/models/model_contract.h"

namespace matinee::engine {

INSTANTIATE_TEST_SUITE_P(Mf, ModelContract,
                         testing::Values(ModelCase{.make = make_case<Mf>, .learns = Learns::kRatings}));
INSTANTIATE_TEST_SUITE_P(Pmf, ModelContract,
                         testing::Values(ModelCase{.make = make_case<Pmf>, .learns = Learns::kRatings}));

}  // namespace matinee::engine
