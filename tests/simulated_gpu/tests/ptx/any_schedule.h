#pragma once

#include <string>

#include <gtest/gtest.h>

#include "testing/simulated_gpu.h"
#include "tests/support/random_seed.h"

namespace simulated_gpu::test {

// A test that runs in every schedule, once with every access checked. Correct programs give the same results in all and
// cause no finding.
struct Conditions {
  Order order;
  bool checks;
};

class AnySchedule : public testing::TestWithParam<Conditions> {
 protected:
  void SetUp() override {
    set_schedule(GetParam().order, matinee::test::random_seed());
    set_checks(GetParam().checks);
  }
  void TearDown() override {
    EXPECT_EQ(take_finding(), "");
    set_schedule(Order::kForward);
    set_checks(false);
  }
};

inline auto all_conditions() {
  return testing::Values(Conditions{Order::kForward, false}, Conditions{Order::kReverse, false},
                         Conditions{Order::kRandom, false}, Conditions{Order::kRandom, true});
}
inline std::string condition_name(const testing::TestParamInfo<Conditions>& conditions) {
  const char* names[] = {"Forward", "Reverse", "Random"};
  return std::string(names[static_cast<int>(conditions.param.order)]) + (conditions.param.checks ? "Checked" : "");
}

}  // namespace simulated_gpu::test
