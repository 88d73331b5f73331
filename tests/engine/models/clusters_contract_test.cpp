#include "engine/models/clusters.h"
#include "tests/engine/models/model_contract.h"
#include "tests/support/candidate_models.h"

namespace matinee::engine {

using std::string;

INSTANTIATE_TEST_SUITE_P(Clusters, ModelContract,
                         testing::Values(ModelCase{.make =
                                                       [] {
                                                         return test::chosen<Clusters>({{"clusters", 2.0}});
                                                       },
                                                   .learns = Learns::kRatings}));
INSTANTIATE_TEST_SUITE_P(
    Ranker, ModelContract,
    testing::Values(ModelCase{
        .make =
            [] {
              return test::chosen<test::RankerOnItsOwn>({{"candidates", string("pool")}, {"model", string("cf")}});
            },
        .offers_checkpoints = false}));
INSTANTIATE_TEST_SUITE_P(ItemSimilarityByActivity, ModelContract, testing::Values(ModelCase{.make = [] {
                           return test::chosen<test::WeighedSimilarity>({{"clusters", string("groups")}});
                         }}));
INSTANTIATE_TEST_SUITE_P(
    UserSimilarityByActivity, ModelContract, testing::Values(ModelCase{.make = [] {
      return test::chosen<test::WeighedSimilarity>({{"clusters", string("groups")}, {"axis", string("users")}});
    }}));

}  // namespace matinee::engine
