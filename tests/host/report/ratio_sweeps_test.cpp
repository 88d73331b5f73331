#include "host/report/ratio_sweeps.h"

#include <gmock/gmock.h>

#include "tests/support/xml.h"

namespace matinee::host {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

RatioMetrics measured(const char* ratio, double precision, double recall, double coverage) {
  return {ratio,
          {{{{"candidates", std::string("all")}},
            {{"precision@10", precision}, {"recall@10", recall}, {"coverage@10", coverage}, {"precision@20", 0.5}}}}};
}

SweepReport example() {
  return {"blend & co",
          {measured("1:0", 0.2, 0.1, 0.3), measured("7:1", 0.25, 0.125, 0.36), measured("1:1", 0.1, 0.2, 0.6)}};
}

TEST(RatioSweeps, NameTheRatiosThatAreBetterInAllThree) {
  EXPECT_EQ(sweep_sentence(example()), "Better than 1:0 in precision, recall and coverage at once: 7:1.");
  SweepReport none = example();
  none.ratios.erase(none.ratios.begin() + 1);
  EXPECT_EQ(sweep_sentence(none), "Better than 1:0 in precision, recall and coverage at once: none.");
  none.ratios[1].evaluations[0].metrics.erase("coverage@10");
  EXPECT_EQ(sweep_sentence(none), "");
  EXPECT_EQ(sweep_sentence({"blend", {}}), "");
}

TEST(RatioSweeps, SayInHowManyFoldsARatioIsBetter) {
  SweepReport sweep = example();
  for (RatioMetrics& ratio : sweep.ratios) {
    const engine::Evaluation mean = ratio.evaluations.front();
    ratio.evaluations.clear();
    for (int64_t fold = 1; fold <= 3; ++fold) {
      ratio.evaluations.push_back(mean);
      ratio.evaluations.back().protocol.emplace_back("fold", fold);
    }
    ratio.evaluations.push_back(mean);
    ratio.evaluations.back().protocol.emplace_back("fold", std::string("pooled"));
  }
  sweep.ratios[1].evaluations[1].metrics["coverage@10"] = 0.3;
  EXPECT_EQ(sweep_sentence(sweep), "Better than 1:0 in precision, recall and coverage at once: 7:1 (in 2 of 3 folds).");
}

TEST(RatioSweeps, AreDrawnRelativeToTheFirstRatio) {
  const LineChart chart = sweep_chart(example(), "s");
  ASSERT_EQ(chart.series.size(), 3U) << "novelty was not measured";
  EXPECT_EQ(chart.series[0].name, "Precision");
  ASSERT_EQ(chart.series[0].points.size(), 3U);
  EXPECT_EQ(chart.series[0].points[1].epoch, 2);
  EXPECT_DOUBLE_EQ(chart.series[0].points[0].value, 100);
  EXPECT_DOUBLE_EQ(chart.series[0].points[1].value, 125);
  EXPECT_DOUBLE_EQ(chart.series[2].points[2].value, 200);
  SweepReport zero = example();
  zero.ratios[0].evaluations[0].metrics["precision@10"] = 0;
  EXPECT_EQ(sweep_chart(zero, "s").series.size(), 2U);
}

TEST(RatioSweeps, StandInBothReportsAndOnTheTerminal) {
  RunReport report;
  report.job_name = "job";
  report.sweeps.push_back(example());
  const std::string html = report_html(report);
  EXPECT_EQ(test::xml_problem(html), "");
  EXPECT_THAT(html, AllOf(HasSubstr("<h3>blend &amp; co, collaborative : content</h3>"), HasSubstr(">Ratio</th>"),
                          HasSubstr("<th scope=\"row\">7:1</th>"), HasSubstr("class=\"line")));
  EXPECT_THAT(report_markdown(report), AllOf(HasSubstr("## Ratios of fusions"), HasSubstr("| 7:1 | **0.2500** |")));
  EXPECT_THAT(metric_table(report), AllOf(HasSubstr("ratio  precision@10"), HasSubstr("7:1          0.2500*")));
  EXPECT_THAT(report_html({}), Not(HasSubstr("Ratios of fusions")));
}

}  // namespace
}  // namespace matinee::host
