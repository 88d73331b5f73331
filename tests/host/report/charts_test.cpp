#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/report/svg_bar_chart.h"
#include "host/report/svg_frame.h"
#include "host/report/svg_histogram.h"
#include "host/report/svg_line_chart.h"
#include "tests/support/xml.h"

namespace matinee::host {
namespace {

using testing::HasSubstr;
using testing::Not;

LineChart curve(std::vector<CurvePoint> points) {
  return {"c", "Train <RMSE>", "epoch", {{"a & b", 0, std::move(points)}}};
}

void expect_sound(const std::string& svg) {
  EXPECT_EQ(test::xml_problem(svg), "");
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
}

TEST(LineChart, DrawsAnyFinitePoints) {
  for (const auto& points : std::vector<std::vector<CurvePoint>>{
           {{1, 0.5}},                              // one
           {{1, 0.5}, {2, 0.5}, {3, 0.5}},          // constant
           {{1, -2}, {2, -1}, {3, 4}},              // negative
           {{1, 1e-300}, {2, 1e300}},               // large range
           {{1, -1.7e308}, {1000000000, 1.7e308}},  // the largest
       }) {
    expect_sound(svg_line_chart(curve(points)));
  }
}

TEST(LineChart, SpansThePlotFromTheFirstToTheLastPoint) {
  // The plot lies between x 50 and 350, y 10 and 190; the y axis here from 0 to 2.
  EXPECT_THAT(svg_line_chart(curve({{1, 0}, {2, 1}, {3, 2}})), HasSubstr("d=\"M50.0 190.0L200.0 100.0L350.0 10.0\""));
  // One point lies in the middle.
  EXPECT_THAT(svg_line_chart(curve({{7, 1}})), HasSubstr("cx=\"200.0\" cy=\"100.0\""));
}

TEST(LineChart, ReadsAloud) {
  const std::string svg = svg_line_chart(curve({{1, 1.5}, {9, 0.75}}));
  EXPECT_THAT(svg, HasSubstr("<title id=\"c-t\">Train &lt;RMSE&gt;</title>"));
  EXPECT_THAT(svg, HasSubstr("<desc id=\"c-d\">a &amp; b: 1.5000 at epoch 1, 0.7500 at epoch 9.</desc>"));
  EXPECT_THAT(svg, HasSubstr("aria-labelledby=\"c-t c-d\""));
}

TEST(LineChart, NamesEverySeriesInItsLegend) {
  LineChart chart = curve({{1, 1}});
  chart.series.push_back({"pmf", 9, {{1, 2}}});
  const std::string legend = chart_legend(chart);
  EXPECT_EQ(test::xml_problem(legend), "");
  EXPECT_THAT(legend, HasSubstr("a &amp; b"));
  EXPECT_THAT(legend, HasSubstr("line c1 d1"));
  EXPECT_THAT(legend, HasSubstr("pmf"));
}

TEST(BarChart, DrawsBarsFromZeroInProportion) {
  // Names of two letters: the bars lie between x 27.2 and 298.
  const std::string svg = svg_bar_chart({"b", "NDCG", {{"ab", 0, 0.5, true}, {"cd", 1, 0.25, false}}});
  expect_sound(svg);
  EXPECT_THAT(svg, HasSubstr("x=\"27.2\" y=\"7.5\" width=\"270.8\""));
  EXPECT_THAT(svg, HasSubstr("x=\"27.2\" y=\"33.5\" width=\"135.4\""));
  EXPECT_THAT(svg, HasSubstr("class=\"end strong\" x=\"358\" y=\"19.0\">0.5000"));
}

TEST(BarChart, DrawsNegativeValuesToTheLeftOfZero) {
  const std::string svg = svg_bar_chart({"b", "t", {{"ab", 0, -1, false}, {"cd", 1, 1, true}}});
  EXPECT_THAT(svg, HasSubstr("x=\"27.2\" y=\"7.5\" width=\"135.4\""));
  EXPECT_THAT(svg, HasSubstr("x=\"162.6\" y=\"33.5\" width=\"135.4\""));
}

TEST(BarChart, DrawsAnyFiniteValues) {
  for (const double value : {0.0, -1e308, 1e308, 1e-300}) {
    expect_sound(svg_bar_chart({"b", "t", {{"a", 0, value, false}, {"b", 1, -value, false}}}));
  }
}

TEST(BarChart, ShortensLongNamesByCharacters) {
  const std::string svg =
      svg_bar_chart({"b", "t", {{"\u00e9\u00e9\u00e9\u00e9\u00e9 & a name of many letters", 0, 1, false}}});
  EXPECT_EQ(test::xml_problem(svg), "");
  EXPECT_THAT(svg, HasSubstr(">\u00e9\u00e9\u00e9\u00e9\u00e9 &amp; a name of\u2026</text>"));
}

TEST(Histogram, DrawsEachBinInProportion) {
  const std::string svg = svg_histogram({"h", "Ratings", "rating", {{"1", 1000}, {"2", 500}, {"3", 0}}});
  expect_sound(svg);
  EXPECT_THAT(svg, HasSubstr("y=\"10.0\" width=\"75.7\" height=\"180.0\"><title>1: 1,000 (66.7 %)</title>"));
  EXPECT_THAT(svg, HasSubstr("height=\"90.0\"><title>2: 500 (33.3 %)</title>"));
  EXPECT_THAT(svg, HasSubstr("height=\"0.0\"><title>3: 0 (0.0 %)</title>"));
}

TEST(Histogram, DrawsEmptyAndManyBins) {
  expect_sound(svg_histogram({"h", "t", "rating", {{"1", 0}}}));
  Histogram many{"h", "t", "rating", {}};
  for (int bin = 0; bin < 101; ++bin) many.bins.push_back({"bin " + std::to_string(bin), bin});
  const std::string svg = svg_histogram(many);
  expect_sound(svg);
  EXPECT_THAT(svg, HasSubstr(">bin 9</text>"));
  EXPECT_THAT(svg, Not(HasSubstr(">bin 10</text>")));
}

}  // namespace
}  // namespace matinee::host
