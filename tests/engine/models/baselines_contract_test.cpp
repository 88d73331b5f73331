#include "engine/models/most_popular.h"
#include "engine/models/random.h"
#include "tests/engine/models/model_contract.h"

namespace matinee::engine {

INSTANTIATE_TEST_SUITE_P(
    Random, ModelContract,
    testing::Values(ModelCase{
        .make = make_case<Random>, .learns = Learns::kNothing, .stores = false, .offers_checkpoints = false}));
INSTANTIATE_TEST_SUITE_P(MostPopular, ModelContract,
                         testing::Values(ModelCase{
                             .make = make_case<MostPopular>, .learns = Learns::kNothing, .offers_checkpoints = false}));

}  // namespace matinee::engine
