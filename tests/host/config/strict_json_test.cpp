#include "host/config/strict_json.h"

#include <gmock/gmock.h>

namespace matinee::host {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(StrictJson, ReadsEveryKindOfValue) {
  const StrictJson json = parse_strict_json(R"({"a": [1, -2, 2.5, true, null, "x\u00e9"], "b": {"c": {}}})");
  ASSERT_EQ(json.problem, "");
  EXPECT_EQ(json.root.dump(), R"({"a":[1,-2,2.5,true,null,"xé"],"b":{"c":{}}})");
  EXPECT_TRUE(json.duplicates.empty());
}

TEST(StrictJson, KeepsTheOrderOfKeys) {
  EXPECT_EQ(parse_strict_json(R"({"z": 1, "a": 2, "m": 3})").root.dump(), R"({"z":1,"a":2,"m":3})");
}

TEST(StrictJson, TellsDuplicateKeysWhereverTheyStandWithTheirLines) {
  const StrictJson json =
      parse_strict_json("{\"a\": {\"x\": 1,\n\"x\": 2},\n\"b\": [0, {\"y\": 1,\n\n\"y\": {}}],\n\"a\": 3}");
  ASSERT_EQ(json.problem, "");
  ASSERT_EQ(json.duplicates.size(), 3U);
  EXPECT_EQ(json.duplicates[0].pointer, "/a/x");
  EXPECT_EQ(json.duplicates[0].first_line, 1U);
  EXPECT_EQ(json.duplicates[0].line, 2U);
  EXPECT_EQ(json.duplicates[1].pointer, "/b/1/y");
  EXPECT_EQ(json.duplicates[1].first_line, 3U);
  EXPECT_EQ(json.duplicates[1].line, 5U);
  EXPECT_EQ(json.duplicates[2].pointer, "/a");
  EXPECT_EQ(json.duplicates[2].line, 6U);
  EXPECT_EQ(json.root.dump(), R"({"a":{"x":1},"b":[0,{"y":1}]})");
}

TEST(StrictJson, EqualKeysOfDifferentObjectsAreNoDuplicates) {
  const StrictJson json = parse_strict_json(R"({"a": {"x": 1}, "b": {"x": 1}, "c": [{"x": 1}, {"x": 1}]})");
  EXPECT_TRUE(json.duplicates.empty());
}

TEST(StrictJson, AKeyWrittenWithAnEscapeIsTheSameKey) {
  ASSERT_EQ(parse_strict_json(R"({"a": 1, "\u0061": 2})").duplicates.size(), 1U);
}

TEST(StrictJson, PointersEscapeTildeAndSlash) {
  const StrictJson json = parse_strict_json(R"({"a/b~c": 1, "a/b~c": 2})");
  ASSERT_EQ(json.duplicates.size(), 1U);
  EXPECT_EQ(json.duplicates[0].pointer, "/a~1b~0c");
}

TEST(StrictJson, SyntaxErrorsHaveLineAndColumn) {
  EXPECT_THAT(parse_strict_json("{\n  \"a\" 1\n}").problem, StartsWith("2:7: "));
  EXPECT_THAT(parse_strict_json("{\n  \"é\" 1\n}").problem, StartsWith("2:7: "));
  EXPECT_THAT(parse_strict_json("{\"a\": 1").problem, StartsWith("1:8: "));
  EXPECT_THAT(parse_strict_json("{} x").problem, StartsWith("1:4: "));
  EXPECT_THAT(parse_strict_json("{\"a\" 1}").problem, HasSubstr("expected ':'"));
}

TEST(StrictJson, ExplainsWhatJsonDoesNotHave) {
  EXPECT_THAT(parse_strict_json("{} // done").problem, HasSubstr("no comments"));
  EXPECT_THAT(parse_strict_json("/* x */ {}").problem, HasSubstr("no comments"));
  EXPECT_THAT(parse_strict_json("{\"a\": [1, 2,]}").problem, HasSubstr("no comma after the last"));
  EXPECT_THAT(parse_strict_json("{\"a\": 1,}").problem, HasSubstr("no comma after the last"));
  EXPECT_THAT(parse_strict_json("{'a': 1}").problem, HasSubstr("quotes text with \""));
  EXPECT_THAT(parse_strict_json("{\"a\": NaN}").problem, HasSubstr("no NaN"));
}

TEST(StrictJson, RefusesNumbersThatAreNotFinite) {
  EXPECT_THAT(parse_strict_json("[1e999]").problem, HasSubstr("1e999"));
  EXPECT_NE(parse_strict_json("[-Infinity]").problem, "");
}

TEST(StrictJson, TakesAByteOrderMark) {
  const StrictJson json = parse_strict_json("\xEF\xBB\xBF{\"a\": 1}");
  EXPECT_EQ(json.problem, "");
  EXPECT_EQ(json.root.dump(), R"({"a":1})");
}

TEST(StrictJson, NestingIsBounded) {
  EXPECT_EQ(parse_strict_json(std::string(100, '[') + std::string(100, ']')).problem, "");
  EXPECT_EQ(parse_strict_json(std::string(500000, '[')).problem, "1:101: nested more than 100 deep");
}

}  // namespace
}  // namespace matinee::host
