#include "tests/engine/models/model_contract.h"
#include "tests/support/fusion_problem.h"

namespace matinee::engine {
namespace {

std::unique_ptr<Model> make_fusion(const char* normalize) {
  auto model = std::make_unique<test::SelfContainedFusion>();
  test::choose(*model, {{"normalize", std::string(normalize)}, {"ratio", std::string("4:1")}});
  return model;
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Fusion, ModelContract,
                         testing::Values(ModelCase{.make = [] { return make_fusion("row_max"); }},
                                         ModelCase{.make = [] { return make_fusion("rank"); }}));

}  // namespace matinee::engine
