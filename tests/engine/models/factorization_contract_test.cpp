#include "engine/models/mf.h"
#include "engine/models/pmf.h"
#include "tests/engine/models/model_contract.h"
#include "tests/support/chosen_parameters.h"

namespace matinee::engine {
namespace {

ModelCase implicit_case(const char* loss) {
  return {.make = [loss] {
    return test::chosen<Mf>({{"loss", loss}, {"learning_rate", 0.05}, {"regularization", 0.01}, {"factors", 8.0}});
  }};
}

ModelCase stored_as(const char* storage) {
  return {.make = [storage] { return test::chosen<Mf>({{"storage", storage}}); }, .learns = Learns::kRatings};
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Mf, ModelContract,
                         testing::Values(ModelCase{.make = make_case<Mf>, .learns = Learns::kRatings}));
INSTANTIATE_TEST_SUITE_P(MfStoppedEarly, ModelContract,
                         testing::Values(ModelCase{
                             .make =
                                 [] {
                                   return test::chosen<Mf>({{"validation_share", 0.1}, {"patience", 2.0}});
                                 },
                             .learns = Learns::kRatings}));
INSTANTIATE_TEST_SUITE_P(MfLogistic, ModelContract, testing::Values(implicit_case("logistic")));
INSTANTIATE_TEST_SUITE_P(MfBpr, ModelContract, testing::Values(implicit_case("bpr")));
INSTANTIATE_TEST_SUITE_P(MfInHalves, ModelContract, testing::Values(stored_as("fp16"), stored_as("bf16")));
INSTANTIATE_TEST_SUITE_P(Pmf, ModelContract,
                         testing::Values(ModelCase{.make = make_case<Pmf>, .learns = Learns::kRatings}));

INSTANTIATE_TEST_SUITE_P(PmfWithAdaptivePriors, ModelContract,
                         testing::Values(ModelCase{.make =
                                                       [] {
                                                         return test::chosen<Pmf>({{"adaptive_priors", true}});
                                                       },
                                                   .learns = Learns::kRatings}));

}  // namespace matinee::engine
