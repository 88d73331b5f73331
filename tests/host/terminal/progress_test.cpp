#include "host/terminal/progress.h"

#include <gtest/gtest.h>

namespace matinee::host {
namespace {

TEST(Progress, DurationsAndBytesReadAsPeopleWriteThem) {
  EXPECT_EQ(duration_text(0.04), "0.0 s");
  EXPECT_EQ(duration_text(12.4), "12 s");
  EXPECT_EQ(duration_text(200), "3 min 20 s");
  EXPECT_EQ(duration_text(3725), "1 h 02 min");
  EXPECT_EQ(bytes_text(1), "1 KiB");
  EXPECT_EQ(bytes_text(int64_t{5} << 20), "5 MiB");
  EXPECT_EQ(bytes_text(int64_t{3} << 29), "1.5 GiB");
  EXPECT_EQ(bytes_text(int64_t{1} << 41), "2.0 TiB");
}

TEST(Progress, RatesAreInAUnitOfTimeThatShowsThem) {
  EXPECT_EQ(rate_text(3.25e6, "ratings"), "3.25 M ratings/s");
  EXPECT_EQ(rate_text(1, "epochs"), "1 epochs/s");
  EXPECT_EQ(rate_text(0.04, "epochs"), "2.4 epochs/min");
  EXPECT_EQ(rate_text(0.01, "epochs"), "36 epochs/h");
  EXPECT_EQ(rate_text(0, "epochs"), "0 epochs/s");
}

}  // namespace
}  // namespace matinee::host
