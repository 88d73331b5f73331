#include "host/report/number_text.h"

#include <limits>

#include <gtest/gtest.h>

namespace matinee::host {
namespace {

TEST(MetricText, HasFourDecimalsAndNoNegativeZero) {
  EXPECT_EQ(metric_text(0.73), "0.7300");
  EXPECT_EQ(metric_text(-1.23456), "-1.2346");
  EXPECT_EQ(metric_text(-0.00001), "0.0000");
  EXPECT_EQ(metric_text(12345678.0), "1.2346e+07");
}

TEST(DifferenceText, CarriesItsSign) {
  EXPECT_EQ(difference_text(0.0123), "+0.0123");
  EXPECT_EQ(difference_text(-0.0123), "\u22120.0123");
  EXPECT_EQ(difference_text(-0.00001), "0.0000");
}

TEST(CountText, GroupsThousands) {
  EXPECT_EQ(count_text(0), "0");
  EXPECT_EQ(count_text(999), "999");
  EXPECT_EQ(count_text(1000), "1,000");
  EXPECT_EQ(count_text(-1000209), "-1,000,209");
  EXPECT_EQ(count_text(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(LabelOf, WritesNamesAsWords) {
  EXPECT_EQ(label_of("train_rmse"), "Train RMSE");
  EXPECT_EQ(label_of("hit_rate"), "Hit rate");
  EXPECT_EQ(label_of("ndcg"), "NDCG");
  EXPECT_EQ(label_of(""), "");
}

}  // namespace
}  // namespace matinee::host
