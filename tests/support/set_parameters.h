#pragma once

#include <map>
#include <string>
#include <variant>

#include "engine/model.h"
#include "tests/support/checked_parameters.h"

namespace matinee::test {

// Numbers for integer and real parameters and for flags (0, 1), texts for choices.
using ParameterValues = std::map<std::string, std::variant<double, std::string>, std::less<>>;

// Gives `model` these parameters; a name that it does not declare fails the test.
void set_parameters(engine::Model& model, ParameterValues values);

}  // namespace matinee::test
