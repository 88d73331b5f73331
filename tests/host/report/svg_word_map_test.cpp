#include "host/report/svg_word_map.h"

#include <gmock/gmock.h>

#include "tests/support/xml.h"

namespace matinee::host {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string drawn(std::vector<WordsOverview::Point> points) {
  WordsOverview words;
  words.points = std::move(points);
  const std::string svg = svg_word_map("m", "Words <1>", words);
  EXPECT_EQ(test::xml_problem(svg), "");
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
  return svg;
}

TEST(SvgWordMap, DrawsAnyPoints) {
  drawn({});
  drawn({{"one", 1, 0, 0}});
  drawn({{"a", 2, 5, 5}, {"b", 1, 5, 5}});
  drawn({{"a", 2, -1e-300, 0}, {"b", 1, 1e-300, 0}});
}

TEST(SvgWordMap, NamesWordsWhereThereIsRoom) {
  const std::string svg = drawn({{"R&B", 12345, -1, 0}, {"faraway", 2, 1, 0}, {"hidden", 1, -1, 0}});
  EXPECT_THAT(svg, HasSubstr("<title>R&amp;B: 12,345</title>"));
  EXPECT_THAT(svg, HasSubstr(">R&amp;B</text>"));
  EXPECT_THAT(svg, HasSubstr("<text class=\"end\" x=\"729.0\" y=\"264.0\">faraway</text>"))
      << "to the left at the edge";
  EXPECT_THAT(svg, HasSubstr("<title>hidden: 1</title>"));
  EXPECT_THAT(svg, Not(HasSubstr(">hidden</text>"))) << "to the left it would leave the picture";
}

}  // namespace
}  // namespace matinee::host
