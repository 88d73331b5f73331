#include <gtest/gtest.h>

#include "tests/support/ncf_metrics.h"
#include "tests/support/real_data.h"

namespace matinee::engine {
namespace {

// Far from trained (3 of 128 epochs, which a test has time for): popularity is learnt first, taste begins.
TEST(MfRealData, LearnsMoreThanPopularityWithinThreeEpochsOnMovieLens1M) {
  MATINEE_NEEDS_DATA(folder, "ml-1m");
  const auto metrics =
      test::ncf_metrics("ncf_ml_1m_mf", "mf", folder.string(), 42,
                        {"models.mf.epochs=3", "models.mf.learning_rate=0.02", "models.mf.factors=32"});
  EXPECT_GE(metrics.at("hit_rate@10"), 0.4531) << "of the most popular";
  EXPECT_LE(metrics.at("hit_rate@10"), 0.745) << "a leak, or ties won";
}

}  // namespace
}  // namespace matinee::engine
