#include "tests/support/set_parameters.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace matinee::test {
namespace {

class SetParameters : public CheckedParameters {
 public:
  explicit SetParameters(ParameterValues values) : values_(std::move(values)) {}
  ~SetParameters() override {
    for (const auto& [name, value] : values_) ADD_FAILURE() << "no parameter is named " << name;
  }

  void integer(std::string_view name, int64_t& value, engine::Range<int64_t> range, std::string_view unit,
               std::string_view sentence) override {
    set_number(name, value);
    CheckedParameters::integer(name, value, range, unit, sentence);
  }
  void real(std::string_view name, double& value, engine::Range<double> range, std::string_view unit,
            std::string_view sentence) override {
    set_number(name, value);
    CheckedParameters::real(name, value, range, unit, sentence);
  }
  void flag(std::string_view name, bool& value, std::string_view sentence) override {
    set_number(name, value);
    CheckedParameters::flag(name, value, sentence);
  }
  void one_of(std::string_view name, int& value, std::span<const std::string_view> names,
              std::string_view sentence) override {
    if (const auto wanted = values_.extract(std::string(name))) {
      const auto found = std::find(names.begin(), names.end(), std::get<std::string>(wanted.mapped()));
      EXPECT_NE(found, names.end()) << name;
      value = static_cast<int>(found - names.begin());
    }
    CheckedParameters::one_of(name, value, names, sentence);
  }

 private:
  template <typename T>
  void set_number(std::string_view name, T& value) {
    if (const auto wanted = values_.extract(std::string(name)))
      value = static_cast<T>(std::get<double>(wanted.mapped()));
  }

  ParameterValues values_;
};

}  // namespace

void set_parameters(engine::Model& model, ParameterValues values) {
  SetParameters parameters(std::move(values));
  model.describe(parameters);
}

}  // namespace matinee::test
