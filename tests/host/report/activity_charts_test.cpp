#include "host/report/activity_charts.h"

#include <gmock/gmock.h>

namespace matinee::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

engine::Evaluation measured(double ndcg, int64_t bin = 0) {
  engine::Evaluation evaluation{{{"candidates", std::string("all")}}, {{"ndcg@10", ndcg}, {"ndcg@20", ndcg + 1}}};
  if (bin > 0) evaluation.protocol.emplace_back(std::string(engine::kActivityBin), bin);
  return evaluation;
}

ModelReport model(const char* name, const char* type, const char* parameters, double ndcg) {
  ModelReport report;
  report.name = name;
  report.type = type;
  report.parameters = parameters;
  report.evaluations = {measured(ndcg)};
  return report;
}

std::vector<double> values(const LineSeries& line) {
  std::vector<double> result;
  for (const CurvePoint& point : line.points) result.push_back(point.value);
  return result;
}

std::vector<int64_t> places(const LineSeries& line) {
  std::vector<int64_t> result;
  for (const CurvePoint& point : line.points) result.push_back(point.epoch);
  return result;
}

TEST(ActivityCharts, DrawWhatWeighsUsersOverTheShareOfTheCluster) {
  RunReport report;
  report.models = {model("b", "item_similarity", R"({"activity": {"clusters": "groups", "mix": 0.4}})", 0.2),
                   model("a", "item_similarity", R"({"activity": {"clusters": "groups", "mix": 0.29}})", 0.1),
                   model("plain", "item_similarity", R"({"activity": {"clusters": "", "mix": 0.4}})", 0.9),
                   model("fused", "fusion", R"({"collaborative": "a"})", 0.5),
                   model("fused_more", "fusion", R"({"collaborative": "b"})", 0.6),
                   model("other", "fusion", R"({"collaborative": "plain"})", 0.7),
                   model("mf", "mf", "{}", 0.8)};
  const auto charts = activity_charts(report);
  ASSERT_EQ(charts.size(), 1U);  // of the shortest lists alone
  EXPECT_EQ(charts[0].title, "NDCG@10 by share of the cluster, reading mixing");
  ASSERT_EQ(charts[0].series.size(), 2U);
  EXPECT_EQ(charts[0].series[0].name, "item_similarity");
  EXPECT_THAT(places(charts[0].series[0]), ElementsAre(29, 40));
  EXPECT_THAT(values(charts[0].series[0]), ElementsAre(0.1, 0.2));
  EXPECT_EQ(charts[0].series[1].name, "fusion");
  EXPECT_THAT(values(charts[0].series[1]), ElementsAre(0.5, 0.6));
}

TEST(ActivityCharts, DrawTheFirstModelOfEachTypeOverTheBins) {
  RunReport report;
  for (const char* name : {"first", "second"}) {
    report.models.push_back(model(name, "mf", "{}", 0.5));
    for (int64_t bin = 1; bin <= 3; ++bin) {
      report.models.back().evaluations.push_back(measured(0.1 * static_cast<double>(bin), bin));
    }
  }
  report.models.push_back(model("without", "pmf", "{}", 0.5));
  const auto charts = activity_charts(report);
  ASSERT_EQ(charts.size(), 1U);
  ASSERT_EQ(charts[0].series.size(), 1U);
  EXPECT_EQ(charts[0].series[0].name, "first");
  EXPECT_THAT(places(charts[0].series[0]), ElementsAre(1, 2, 3));
}

TEST(ActivityCharts, AreNoneWhereNoModelWeighsUsersAndThereAreNoBins) {
  RunReport report;
  report.models = {model("cf", "item_similarity", R"({"activity": {"clusters": ""}})", 0.5)};
  EXPECT_THAT(activity_charts(report), IsEmpty());
}

}  // namespace
}  // namespace matinee::host
