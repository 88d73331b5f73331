#pragma once

#include <map>
#include <memory>
#include <string>
#include <variant>

#include "engine/model.h"
#include "tests/support/checked_parameters.h"

namespace matinee::test {

using Choices = std::map<std::string, std::variant<bool, double, std::string>, std::less<>>;

// Gives the parameters that are named their values; numbers as double, one of several names as text. A name that is
// not declared, or not by this type, fails the test.
void choose(engine::Model& model, const Choices& choices);

template <typename M>
std::unique_ptr<engine::Model> chosen(const Choices& choices) {
  auto model = std::make_unique<M>();
  choose(*model, choices);
  return model;
}

}  // namespace matinee::test
