#include "engine/models/item_similarity.h"
#include "tests/engine/models/model_contract.h"
#include "tests/support/chosen_parameters.h"

namespace matinee::engine {
namespace {

ModelCase chosen_case(const test::Choices& choices, Learns learns = Learns::kInteractions) {
  return {.make = [choices] { return test::chosen<ItemSimilarity>(choices); }, .learns = learns};
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(ItemSimilarity, ModelContract, testing::Values(ModelCase{.make = make_case<ItemSimilarity>}));
INSTANTIATE_TEST_SUITE_P(ItemSimilarityWeighted, ModelContract,
                         testing::Values(chosen_case({{"iuf", true}, {"feedback", "binary"}})));
INSTANTIATE_TEST_SUITE_P(ItemSimilarityOfUsers, ModelContract,
                         testing::Values(chosen_case({{"axis", "users"}, {"iuf", true}})));
INSTANTIATE_TEST_SUITE_P(ItemSimilarityAdjusted, ModelContract,
                         testing::Values(chosen_case({{"similarity", "adjusted_cosine"}, {"normalize_rows", true}},
                                                     Learns::kRatings)));

}  // namespace matinee::engine
