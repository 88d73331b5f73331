#include "tests/check/planted_bug.h"

#include <cuda_runtime_api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/simulated_gpu.h"
#include "tests/support/random_seed.h"

namespace simulated_gpu::test {

void expect_found(const PlantedBug& bug) {
  set_checks(true);
  for (const Order order : {Order::kForward, Order::kReverse, Order::kRandom}) {
    SCOPED_TRACE("schedule " + std::to_string(int(order)));
    set_schedule(order, matinee::test::random_seed());
    EXPECT_TRUE(bug.twin());
    EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
    EXPECT_EQ(take_finding(), "");
    bug.bug();
    EXPECT_NE(cudaDeviceSynchronize(), cudaSuccess);
    const std::string finding = take_finding();
    EXPECT_EQ(kind_of(finding), bug.kind) << finding;
    EXPECT_THAT(finding, testing::HasSubstr(bug.place));
    EXPECT_EQ(take_finding(), "");
  }
  set_schedule(Order::kForward);
  set_checks(false);
}

}  // namespace simulated_gpu::test
