#include "tests/support/chosen_parameters.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace matinee::test {
namespace {

class ChosenParameters : public CheckedParameters {
 public:
  explicit ChosenParameters(Choices choices) : left_(std::move(choices)) {}
  const Choices& left() const { return left_; }

  void integer(std::string_view name, int64_t& value, engine::Range<int64_t> range, std::string_view unit,
               std::string_view sentence) override {
    if (const auto given = take<double>(name)) value = static_cast<int64_t>(*given);
    CheckedParameters::integer(name, value, range, unit, sentence);
  }
  void real(std::string_view name, double& value, engine::Range<double> range, std::string_view unit,
            std::string_view sentence) override {
    value = take<double>(name).value_or(value);
    CheckedParameters::real(name, value, range, unit, sentence);
  }
  void flag(std::string_view name, bool& value, std::string_view sentence) override {
    value = take<bool>(name).value_or(value);
    CheckedParameters::flag(name, value, sentence);
  }
  void one_of(std::string_view name, int& value, std::span<const std::string_view> names,
              std::string_view sentence) override {
    if (const auto given = take<std::string>(name)) {
      value = static_cast<int>(std::find(names.begin(), names.end(), *given) - names.begin());
    }
    CheckedParameters::one_of(name, value, names, sentence);
  }
  void text(std::string_view name, std::string& value, std::string_view sentence) override {
    value = take<std::string>(name).value_or(value);
    CheckedParameters::text(name, value, sentence);
  }
  // Names of groups are left out.
  void group(std::string_view name, std::string_view sentence,
             const std::function<void(Parameters&)>& describe) override {
    ChosenParameters inner(std::move(left_));
    describe(inner);
    left_ = std::move(inner.left_);
    CheckedParameters::group(name, sentence, describe);
  }
  void model_reference(std::string_view name, std::string& model, std::string_view sentence) override {
    model = take<std::string>(name).value_or(model);
    CheckedParameters::model_reference(name, model, sentence);
  }

 private:
  template <typename T>
  std::optional<T> take(std::string_view name) {
    const auto found = left_.find(name);
    if (found == left_.end() || !std::holds_alternative<T>(found->second)) return std::nullopt;
    T value = std::get<T>(found->second);
    left_.erase(found);
    return value;
  }

  Choices left_;
};

}  // namespace

void choose(engine::Model& model, const Choices& choices) {
  ChosenParameters parameters(choices);
  model.describe(parameters);
  for (const auto& [name, value] : parameters.left()) ADD_FAILURE() << name << " is not declared with this type";
}

}  // namespace matinee::test
