#include <gtest/gtest.h>

#include "tests/support/ncf_metrics.h"
#include "tests/support/real_data.h"

namespace matinee::engine {
namespace {

// iALS with 192 factors in Rendle et al. (2021): .730 and .453. The parameters of the configuration were chosen on the
// last training rating of each user.
TEST(IalsRealData, ReachesThePublishedFactorsOnMovieLens1M) {
  MATINEE_NEEDS_DATA(folder, "ml-1m");
  const auto metrics = test::ncf_metrics("ncf_ml_1m_ials", "ials", folder.string(), 42);
  EXPECT_GE(metrics.at("hit_rate@10"), 0.725);
  EXPECT_GE(metrics.at("ndcg@10"), 0.450);
  EXPECT_LE(metrics.at("hit_rate@10"), 0.745) << "a leak, or ties won";
}

}  // namespace
}  // namespace matinee::engine
