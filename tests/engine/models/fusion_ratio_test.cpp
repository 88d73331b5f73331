#include "engine/models/fusion_ratio.h"

#include <gmock/gmock.h>

namespace matinee::engine {
namespace {

TEST(FusionRatio, IsTwoNumbersWithAColonBetween) {
  struct Case {
    const char* text;
    double first, second;
  };
  for (const Case& expected : {Case{"1:0", 1, 0},
                               {"0:1", 0, 1},
                               {"7:1", 7, 1},
                               {"100:1", 100, 1},
                               {"0.5:2.25", 0.5, 2.25},
                               {"1000000:3", 1e6, 3}}) {
    const auto ratio = parse_ratio(expected.text);
    ASSERT_TRUE(ratio) << expected.text;
    EXPECT_EQ(ratio->first, expected.first);
    EXPECT_EQ(ratio->second, expected.second);
  }
}

TEST(FusionRatio, NothingElseIsOne) {
  for (const char* text : {"", ":", "1", "1:", ":1", "0:0", "a:b", "-1:2", "1:-2", "-0:1", "1:2:3", "1 : 2", "1:2 ",
                           "1e3:1", "inf:1", "nan:1", "1000001:1", "+1:1", "0x1:1"}) {
    EXPECT_FALSE(parse_ratio(text)) << text;
    EXPECT_THAT(ratio_problem(text), testing::HasSubstr(std::string("\"") + text + "\" is no ratio"));
  }
}

}  // namespace
}  // namespace matinee::engine
