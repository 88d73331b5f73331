#include "host/report/run_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/report/claims.h"
#include "host/report/metric_columns.h"
#include "host/report/protocol_text.h"
#include "tests/support/example_report.h"
#include "tests/support/xml.h"

namespace matinee::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

RunReport empty_report() {
  return {};
}

TEST(MetricColumn, TakesNamesApart) {
  const MetricColumn macro = metric_column("precision_macro@10");
  EXPECT_EQ(macro.base, "precision");
  EXPECT_EQ(macro.variant, "macro");
  EXPECT_EQ(macro.cutoff, 10);
  EXPECT_FALSE(macro.main());
  EXPECT_EQ(macro.title(), "Precision@10 (macro)");
  EXPECT_TRUE(metric_column("rmse").main());
  EXPECT_EQ(metric_column("hit_rate@5").title(), "Hit rate@5");
  EXPECT_EQ(metric_column("tied_share").title(), "Tied share");
  EXPECT_FALSE(metric_column("tied_share").main());
  EXPECT_EQ(metric_column("ndcg@x").cutoff, 0);
}

TEST(MetricBlocks, KeepProtocolsApartAndCutoffsToo) {
  const RunReport report = test::example_report();
  const std::vector<MetricBlock> blocks = metric_blocks(report);
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[0].candidates, "all");
  EXPECT_EQ(blocks[1].candidates, "sampled");
  EXPECT_EQ(blocks[2].candidates, "ratings");
  ASSERT_EQ(blocks[0].tables.size(), 2U);
  std::vector<std::string> names;
  for (const MetricColumn& column : blocks[0].tables[0].columns) names.push_back(column.name);
  EXPECT_THAT(names, ElementsAre("precision@10", "precision_macro@10", "ndcg@10"));
  EXPECT_EQ(main_metric_blocks(report)[0].tables[0].columns.size(), 2U);
}

TEST(MetricBlocks, PutMetricsWithoutCutoffBehindTheLastOnes) {
  RunReport report = test::example_report();
  report.models[0].evaluations[1].metrics["tied_share"] = 0.25;
  const std::vector<MetricTable> tables = metric_blocks(report)[1].tables;
  ASSERT_EQ(tables.size(), 1U);
  EXPECT_EQ(tables[0].cutoff, 10);
  EXPECT_EQ(tables[0].columns[1].name, "tied_share");
  EXPECT_EQ(tables[0].rows[1].values[1], std::nullopt);
}

TEST(MetricBlocks, OfFoldsShowThePooledValue) {
  const RunReport report = test::example_report();
  const MetricTable table = metric_blocks(report)[2].tables[0];
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].values[0], 0.875);
  const std::vector<FoldTable> folds = fold_tables(report);
  ASSERT_EQ(folds.size(), 2U);
  ASSERT_EQ(folds[0].rows.size(), 3U);
  EXPECT_EQ(folds[0].rows[0].fold, "1");
  EXPECT_EQ(folds[0].rows[2].fold, "pooled");
}

TEST(MetricBlocks, NoveltyOfEveryKindIsOneOfTheMainMetrics) {
  EXPECT_TRUE(metric_column("novelty@10").main());
  EXPECT_TRUE(metric_column("novelty_log_popularity@10").main());
  EXPECT_EQ(metric_column("novelty_log_popularity@10").title(), "Novelty@10 (log popularity)");
  EXPECT_FALSE(metric_column("precision_macro@10").main());
}

TEST(MetricBlocks, MarkTheBestOfEachColumn) {
  const std::vector<MetricBlock> blocks = metric_blocks(test::example_report());
  for (const MetricTable& table : blocks[0].tables) {  // larger is better: the second model
    EXPECT_EQ(table.rows[0].best, std::vector<bool>(table.columns.size(), false));
    EXPECT_EQ(table.rows[1].best, std::vector<bool>(table.columns.size(), true));
  }
  EXPECT_TRUE(blocks[2].tables[0].rows[0].best[0]);  // RMSE: smaller is better
  EXPECT_FALSE(blocks[2].tables[0].rows[1].best[0]);
}

TEST(MetricBlocks, MarkEqualValuesTogetherButNotWhereNoneIsWorse) {
  RunReport report = test::example_report();
  const auto best = [&report] {
    const std::vector<MetricBlock> blocks = metric_blocks(report);
    std::vector<bool> marks;
    for (const MetricRow& row : blocks[0].tables[0].rows) marks.push_back(row.best[0]);
    return marks;
  };
  report.models.resize(2);
  report.models.push_back(report.models[1]);
  EXPECT_THAT(best(), ElementsAre(false, true, true));
  report.models.erase(report.models.begin());
  EXPECT_THAT(best(), ElementsAre(false, false));
  report.models.resize(1);
  EXPECT_THAT(best(), ElementsAre(false));
}

TEST(ProtocolSentences, SayWhatCompetesAndEverythingElse) {
  EXPECT_EQ(
      protocol_sentences({{"candidates", std::string("ratings")},
                          {"fold", std::string("pooled")},
                          {"positive_from", 4.0},
                          {"negatives", int64_t{99}},
                          {"clipped", true},
                          {"sha256", std::string(64, 'a')}}),
      "Rating prediction: predicted against held-out ratings. Pooled over all folds. Positive from: 4; negatives: "
      "99; clipped: yes; sha256: aaaaaaaaaaaa\u2026.");
}

TEST(CompareClaims, SetsMeasuredValuesBesideThem) {
  RunReport report = test::example_report();
  const auto compared = compare_claims(report);
  ASSERT_EQ(compared.size(), 3U);
  EXPECT_EQ(compared[0].measured, 0.375);
  EXPECT_EQ(compared[1].measured, 0.875);  // pooled over folds
  EXPECT_EQ(compared[2].measured, std::nullopt);
}

TEST(CompareClaims, TakesAMetricWithoutCutoffOnlyWhereOneWasMeasured) {
  RunReport report = test::example_report();
  report.claims = {{"cf", "ndcg", "all", "", 0.5}, {"cf", "ndcg", "sampled", "", 0.5}};
  const auto compared = compare_claims(report);
  EXPECT_EQ(compared[0].measured, std::nullopt);  // @10 and @20
  EXPECT_EQ(compared[1].measured, 0.45);
  EXPECT_EQ(compared[1].metric, "ndcg@10");
}

TEST(ReportHtml, IsWellFormed) {
  EXPECT_EQ(test::xml_problem(report_html(test::example_report())), "");
  EXPECT_EQ(test::xml_problem(report_html(empty_report())), "");
}

TEST(ReportHtml, EscapesWhatComesFromOutside) {
  const std::string html = report_html(test::example_report());
  EXPECT_THAT(html, HasSubstr("<h1>&lt;demo&gt; &amp; &quot;friends&quot; | &#39;all&#39;</h1>"));
  EXPECT_THAT(html, HasSubstr("Am\u00e9lie &lt;2001&gt; &amp; &quot;Co&quot; | x"));
  EXPECT_THAT(html, HasSubstr("titles with &lt;b&gt; &amp; quotes"));
  EXPECT_THAT(html, HasSubstr("a survey &amp; its table"));
}

TEST(ReportHtml, NeedsNoNetworkAndNoScript) {
  const std::string html = report_html(test::example_report());
  for (const char* foreign : {"<script", "<link", "<img", "src=", "@import", "url(", "href=\"http"}) {
    EXPECT_THAT(html, Not(HasSubstr(foreign)));
  }
}

TEST(ReportHtml, ShowsEveryPart) {
  const std::string html = report_html(test::example_report());
  EXPECT_THAT(html, HasSubstr("<td class=\"best\"><strong>0.3750</strong>"));
  EXPECT_THAT(html, HasSubstr("<td>+0.1250</td>"));
  EXPECT_THAT(html, HasSubstr("<td>\u22120.1250</td>"));
  EXPECT_THAT(html, HasSubstr("<td class=\"none\">not measured</td>"));
  EXPECT_THAT(html, HasSubstr("<figcaption>Train RMSE</figcaption>"));
  EXPECT_THAT(html, HasSubstr("<figcaption>Ratings by value</figcaption>"));
  EXPECT_THAT(html, HasSubstr("<dd>100,836</dd>"));
  EXPECT_THAT(html, HasSubstr("<code>sampling.kind</code>"));
  EXPECT_THAT(html, HasSubstr("Item 7"));  // where no title is known
}

TEST(ReportHtml, HasTheSameBytesTwice) {
  EXPECT_EQ(report_html(test::example_report()), report_html(test::example_report()));
  EXPECT_EQ(report_markdown(test::example_report()), report_markdown(test::example_report()));
}

TEST(ReportMarkdown, ShowsTablesWithTheirProtocols) {
  const std::string text = report_markdown(test::example_report());
  EXPECT_THAT(text, HasSubstr("# &lt;demo&gt; &amp; \"friends\" \\| 'all'\n"));
  EXPECT_THAT(text, HasSubstr("| Model | Precision@10 | Precision@10 (macro) | NDCG@10 |\n|---|---:|---:|---:|\n"));
  EXPECT_THAT(text, HasSubstr("| blend | **0.1875** | **0.1250** | **0.3750** |\n"));
  EXPECT_THAT(text, HasSubstr("Protocol: Full ranking: all items"));
  EXPECT_THAT(text, HasSubstr("| cf | Hit rate@10 | Full ranking | a paper | 0.5000 | not measured | \u2013 |\n"));
  EXPECT_THAT(text, HasSubstr("| 1 | Am\u00e9lie &lt;2001&gt; &amp; \"Co\" \\| x | 260 | 4.7500 |\n"));
}

TEST(MetricTable, AlignsColumnsAndMarksTheBest) {
  EXPECT_THAT(metric_table(test::example_report()), HasSubstr("model  precision@10   ndcg@10\n"
                                                              "cf           0.1250    0.2500\n"
                                                              "blend        0.1875*   0.3750*\n"));
  EXPECT_THAT(metric_table(test::example_report()), HasSubstr("Rating prediction: predicted against held-out ratings. "
                                                              "Pooled over all folds."));
  EXPECT_EQ(metric_table(empty_report()), "No model was evaluated.\n");
}

}  // namespace
}  // namespace matinee::host
