#include "host/report/training_table.h"

#include <gmock/gmock.h>

namespace matinee::host {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RunReport report_of(bool folds) {
  RunReport report;
  ModelReport& model = report.models.emplace_back();
  model.name = "mf";
  model.curves = {{"train_rmse", {{1, 0.5}, {2, 0.25}}}, {"validation_rmse", {{2, 0.75}}}, {"none", {}}};
  if (folds) model.last_of_folds["train_rmse"] = {0.125, 0.0625, 3};
  report.models.emplace_back().name = "popular";
  return report;
}

TEST(TrainingTable, HasFirstAndLastEpochOfEachCurve) {
  const TextTable table = training_table(report_of(false));
  EXPECT_THAT(table.head, ElementsAre("Model", "Curve", "First epoch", "Value", "Last epoch", "Value"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("mf", "Train RMSE", "1", "0.5000", "2", "0.2500"),
                                      ElementsAre("mf", "Validation RMSE", "2", "0.7500", "2", "0.7500")));
}

TEST(TrainingTable, HasMeanAndDeviationOfFoldsWhereThereAreSome) {
  const TextTable table = training_table(report_of(true));
  EXPECT_EQ(table.head.back(), "Folds");
  EXPECT_EQ(table.rows[0].back(), "0.1250 \u00b1 0.0625");
  EXPECT_EQ(table.rows[1].back(), "\u2013");
}

TEST(TrainingTable, HasNoRowsWithoutCurves) {
  EXPECT_THAT(training_table({}).rows, IsEmpty());
}

}  // namespace
}  // namespace matinee::host
