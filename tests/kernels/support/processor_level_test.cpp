#include <gtest/gtest.h>

#include "tests/support/processor_levels.h"

namespace matinee {
namespace {

int v4() {
  return 4;
}
int v3() {
  return 3;
}
int baseline() {
  return 0;
}

TEST(ProcessorLevels, ChooseTheFunctionOfThatLevelUnlessLimited) {
  const ProcessorLevel own = processor_level();
  for (const ProcessorLevel level : test::processor_levels()) {
    const test::LimitedLevel limited(level);
    EXPECT_EQ(processor_level(), level);
    EXPECT_EQ(by_level(v4, v3, baseline)(), level == ProcessorLevel::kV4 ? 4 : level == ProcessorLevel::kV3 ? 3 : 0);
  }
  EXPECT_EQ(processor_level(), own);
}

}  // namespace
}  // namespace matinee
