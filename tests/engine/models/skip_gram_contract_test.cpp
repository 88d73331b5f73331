#include "engine/models/skip_gram.h"
#include "tests/engine/models/text_model_contract.h"
#include "tests/support/chosen_parameters.h"

namespace matinee::engine {
namespace {

std::unique_ptr<Model> with_output(const char* output) {
  return test::chosen<SkipGram>({{"dimensions", 17.0}, {"epochs", 3.0}, {"output", std::string(output)}});
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(SkipGram, TextModelContract,
                         testing::Values(TextModelCase{[] { return with_output("negative_sampling"); }},
                                         TextModelCase{[] { return with_output("softmax"); }}));

}  // namespace matinee::engine
