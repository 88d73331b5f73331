#include <gtest/gtest.h>

#include "tests/support/ncf_metrics.h"
#include "tests/support/real_data.h"

namespace matinee::engine {
namespace {

// EASE with l2 = 1320 in Ferrari Dacrema et al. (TOIS 2021), table 55 of the appendix: .7192 and .4494.
TEST(EaseRealData, HasThePublishedAccuracyOnMovieLens1M) {
  MATINEE_NEEDS_DATA(folder, "ml-1m");
  const auto metrics = test::ncf_metrics("ncf_ml_1m_ease", "ease", folder.string(), 42);
  EXPECT_NEAR(metrics.at("hit_rate@10"), 0.719, 0.002);
  EXPECT_NEAR(metrics.at("ndcg@10"), 0.449, 0.002);
}

}  // namespace
}  // namespace matinee::engine
