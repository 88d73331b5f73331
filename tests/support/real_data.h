#pragma once

#include <filesystem>

namespace matinee::test {

// Where real data lies that may not be redistributed: $MATINEE_DATA, else ../shared/data beside the checkout.
// Empty where the folder `name` (ml-100k, ml-1m) is in neither: such a test says so and skips.
std::filesystem::path real_data(const char* name);

}  // namespace matinee::test

#define MATINEE_NEEDS_DATA(variable, name)                                                                        \
  const std::filesystem::path variable = matinee::test::real_data(name);                                          \
  if (variable.empty()) {                                                                                         \
    GTEST_SKIP() << "needs " name ", which may not be redistributed: set MATINEE_DATA to a folder that holds it"; \
  }                                                                                                               \
  static_assert(true)
