#include "kernels/support/machine_rates.h"

#include <cmath>

#include <gtest/gtest.h>

namespace matinee {
namespace {

TEST(MachineRates, AreFiniteAndPositive) {
  Context context(Device{}, 2);
  const MachineRates rates = measure_machine(context);
  EXPECT_TRUE(std::isfinite(rates.copy_bytes_per_second) && rates.copy_bytes_per_second > 0);
  EXPECT_TRUE(std::isfinite(rates.flops_per_second) && rates.flops_per_second > 0);
}

}  // namespace
}  // namespace matinee
