#include "engine/evaluation/options.h"

#include <gtest/gtest.h>

#include "tests/support/checked_parameters.h"

namespace matinee::engine {
namespace {

TEST(EvaluationOptions, DeclaresItsParametersInOrderAndKeepsTheDefaults) {
  EvaluationOptions options;
  test::CheckedParameters parameters;
  options.describe(parameters);
  EXPECT_EQ(options.top_n, EvaluationOptions().top_n);
  EXPECT_EQ(options.metrics, EvaluationOptions().metrics);
  EXPECT_FALSE(options.wants(Metric::kIls));
  EXPECT_TRUE(options.wants_lists());
}

// Counts what is rejected.
class RejectingParameters : public test::CheckedParameters {
 public:
  void reject(std::string_view name, std::string_view) override { rejected += std::string(name) + ' '; }
  std::string rejected;
};

TEST(EvaluationOptions, RejectsListsWithoutOrWithRepeatedLengths) {
  EvaluationOptions options;
  options.top_n = {5, 10, 5};
  RejectingParameters repeated;
  options.describe(repeated);
  EXPECT_EQ(repeated.rejected, "top_n ");
  options.top_n = {};
  options.metrics = {};
  RejectingParameters empty;
  options.describe(empty);
  EXPECT_EQ(empty.rejected, "top_n metrics ");
}

}  // namespace
}  // namespace matinee::engine
