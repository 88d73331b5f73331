#include "engine/models/seq2seq.h"
#include "tests/engine/models/text_model_contract.h"
#include "tests/support/chosen_parameters.h"

namespace matinee::engine {
namespace {

std::unique_ptr<Model> with(const char* attention, const char* output, double layers, const char* tokens = "words") {
  return test::chosen<Seq2Seq>({{"attention", std::string(attention)},
                                {"output", std::string(output)},
                                {"tokens", std::string(tokens)},
                                {"subwords", 300.0},
                                {"layers", layers},
                                {"dimensions", 7.0},
                                {"units", 9.0},
                                {"epochs", 2.0},
                                {"batch", 33.0},
                                {"most_tokens", 8.0},
                                {"measured_texts", 20.0}});
}

}  // namespace

INSTANTIATE_TEST_SUITE_P(Seq2Seq, TextModelContract,
                         testing::Values(TextModelCase{[] { return with("dot", "softmax", 1); }},
                                         TextModelCase{[] { return with("additive", "sigmoid", 2); }},
                                         TextModelCase{[] { return with("general", "softmax", 1, "subword"); },
                                                       false}));

}  // namespace matinee::engine
