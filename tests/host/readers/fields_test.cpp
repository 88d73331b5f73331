#include "host/readers/fields.h"

#include <gtest/gtest.h>

namespace matinee::host {
namespace {

std::vector<std::string> split(const FieldSyntax& syntax, std::string_view line) {
  FieldSplitter splitter(syntax);
  const auto* fields = splitter.split(line);
  return fields == nullptr ? std::vector<std::string>{"not closed"}
                           : std::vector<std::string>(fields->begin(), fields->end());
}

using Texts = std::vector<std::string>;

TEST(Fields, SplitAtEveryDelimiter) {
  EXPECT_EQ(split({",", true}, "a,b,c"), (Texts{"a", "b", "c"}));
  EXPECT_EQ(split({",", true}, ",a,"), (Texts{"", "a", ""}));
  EXPECT_EQ(split({",", true}, ""), Texts{""});
  EXPECT_EQ(split({"::", false}, "1::2:3::"), (Texts{"1", "2:3", ""}));
  EXPECT_EQ(split({"\t", false}, "1\t\"2"), (Texts{"1", "\"2"}));
}

TEST(Fields, QuotedFieldsHoldDelimitersAndDoubledMarks) {
  EXPECT_EQ(split({",", true}, "1,\"American President, The (1995)\",Drama"),
            (Texts{"1", "American President, The (1995)", "Drama"}));
  EXPECT_EQ(split({",", true}, R"("say ""hello""","","""")"), (Texts{"say \"hello\"", "", "\""}));
  EXPECT_EQ(split({"::", true}, R"("a::b"::c)"), (Texts{"a::b", "c"}));
  EXPECT_EQ(split({",", true}, R"(6" shells,x)"), (Texts{"6\" shells", "x"}));
}

TEST(Fields, AnOpenQuotationAndTextAfterOneAreRefused) {
  for (const char* line : {"\"", "a,\"b", "\"a\"b,c", "\"a\"\"", "\"a\" ,b"}) {
    EXPECT_EQ(split({",", true}, line), Texts{"not closed"}) << line;
  }
}

TEST(Fields, StayValidWhileOtherLinesAreSplit) {
  FieldSplitter splitter({",", true});
  const std::string_view kept = splitter.split(R"("a""b",c)")->front();
  for (int line = 0; line < 1000; ++line) splitter.split(R"("x""y","z""")");
  EXPECT_EQ(kept, "a\"b");
}

}  // namespace
}  // namespace matinee::host
