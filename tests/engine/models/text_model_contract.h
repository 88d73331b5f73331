#pragma once

#include <functional>
#include <memory>
#include <ostream>

#include <gtest/gtest.h>

#include "engine/model.h"

namespace matinee::engine {

// A type of model that learns words from a text and recommends nothing, under the contract of engine/model.h.
struct TextModelCase {
  std::function<std::unique_ptr<Model>()> make;  // untrained, with parameters that suit some thousand words
  bool of_words = true;                          // its tokens are the words of the text, not pieces of them
};

inline void PrintTo(const TextModelCase& model_case, std::ostream* out) {
  *out << model_case.make()->type();
}

// The contract suite. Add a model in three lines of tests/engine/models/MODEL_contract_test.cpp.
class TextModelContract : public testing::TestWithParam<TextModelCase> {};

}  // namespace matinee::engine
