#include "tests/support/checked_parameters.h"

#include <algorithm>

#include <gtest/gtest.h>

namespace matinee::test {
namespace {

template <typename T>
void expect_inside(std::string_view name, T value, const engine::Range<T>& range) {
  EXPECT_TRUE(range.above_minimum ? value > range.minimum : value >= range.minimum) << name << ": default " << value;
  EXPECT_TRUE(value <= range.maximum) << name << ": default " << value;
}

void expect_index(std::string_view name, int value, std::span<const std::string_view> names) {
  EXPECT_TRUE(value >= 0 && value < static_cast<int>(names.size())) << name << ": default " << value;
  const std::set<std::string_view> distinct(names.begin(), names.end());
  EXPECT_EQ(distinct.size(), names.size()) << name << ": a choice stands twice";
}

}  // namespace

void CheckedParameters::declare(std::string_view name, std::string_view sentence) {
  EXPECT_TRUE(!name.empty() && std::all_of(name.begin(), name.end(),
                                           [](char letter) {
                                             return letter == '_' || (letter >= 'a' && letter <= 'z') ||
                                                    (letter >= '0' && letter <= '9');
                                           }))
      << name << " is not snake_case";
  EXPECT_TRUE(names_.insert(std::string(name)).second) << name << " is declared twice";
  EXPECT_TRUE(sentence.size() > 10 && sentence.back() == '.') << name << ": \"" << sentence << "\" is not a sentence";
}

void CheckedParameters::integer(std::string_view name, int64_t& value, engine::Range<int64_t> range, std::string_view,
                                std::string_view sentence) {
  declare(name, sentence);
  expect_inside(name, value, range);
}

void CheckedParameters::real(std::string_view name, double& value, engine::Range<double> range, std::string_view,
                             std::string_view sentence) {
  declare(name, sentence);
  expect_inside(name, value, range);
}

void CheckedParameters::optional_real(std::string_view name, std::optional<double>& value, engine::Range<double> range,
                                      std::string_view, std::string_view sentence) {
  declare(name, sentence);
  if (value) expect_inside(name, *value, range);
}

void CheckedParameters::flag(std::string_view name, bool&, std::string_view sentence) {
  declare(name, sentence);
}

void CheckedParameters::text(std::string_view name, std::string&, std::string_view sentence) {
  declare(name, sentence);
}

void CheckedParameters::path(std::string_view name, std::string&, std::string_view sentence) {
  declare(name, sentence);
}

void CheckedParameters::paths(std::string_view name, std::vector<std::string>&, std::string_view sentence) {
  declare(name, sentence);
}

void CheckedParameters::one_of(std::string_view name, int& value, std::span<const std::string_view> names,
                               std::string_view sentence) {
  declare(name, sentence);
  expect_index(name, value, names);
}

void CheckedParameters::integers(std::string_view name, std::vector<int64_t>& value, engine::Range<int64_t> range,
                                 std::string_view, std::string_view sentence) {
  declare(name, sentence);
  for (const int64_t element : value) expect_inside(name, element, range);
}

void CheckedParameters::texts(std::string_view name, std::vector<std::string>&, std::string_view sentence) {
  declare(name, sentence);
}

void CheckedParameters::some_of(std::string_view name, std::vector<int>& value, std::span<const std::string_view> names,
                                std::string_view sentence) {
  declare(name, sentence);
  for (const int element : value) expect_index(name, element, names);
}

void CheckedParameters::model_reference(std::string_view name, std::string&, std::string_view sentence) {
  declare(name, sentence);
}

void CheckedParameters::group(std::string_view name, std::string_view sentence,
                              const std::function<void(Parameters&)>& describe) {
  declare(name, sentence);
  CheckedParameters inner;
  describe(inner);
}

void CheckedParameters::groups(std::string_view name, std::string_view sentence,
                               const std::function<void(Parameters&)>& append, int64_t count,
                               const std::function<void(Parameters&, int64_t)>& existing) {
  declare(name, sentence);
  for (int64_t index = 0; index < count; ++index) {
    CheckedParameters inner;
    existing(inner, index);
  }
  CheckedParameters inner;
  append(inner);
}

void CheckedParameters::reject(std::string_view name, std::string_view problem) {
  ADD_FAILURE() << "the defaults are rejected: " << name << ": " << problem;
}

}  // namespace matinee::test
