#include "tests/check/planted_bug.h"

#include <stdexcept>

#include <cuda_runtime_api.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/simulated_gpu.h"
#include "tests/support/random_seed.h"

namespace simulated_gpu::test {
namespace {

void expect_nothing_for_twin(const PlantedBug& bug) {
  EXPECT_TRUE(bug.twin());
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(take_finding(), "");
}

void expect_finding_for_bug(const PlantedBug& bug) {
  try {
    bug.bug();
  } catch (const std::runtime_error&) {  // the error came up in one of its calls already
  }
  EXPECT_NE(cudaDeviceSynchronize(), cudaSuccess);
  const std::string finding = take_finding();
  EXPECT_THAT(kind_of(finding), testing::ContainsRegex("^(" + bug.kind + ")$")) << finding;
  EXPECT_THAT(finding, testing::HasSubstr(bug.place));
  EXPECT_EQ(take_finding(), "");
}

}  // namespace

void expect_found(const PlantedBug& bug) {
  set_checks(true);
  for (const Order order : {Order::kForward, Order::kReverse, Order::kRandom}) {
    SCOPED_TRACE("schedule " + std::to_string(int(order)));
    set_schedule(order, matinee::test::random_seed());
    ASSERT_NO_THROW(expect_nothing_for_twin(bug));
    expect_finding_for_bug(bug);
  }
  set_schedule(Order::kForward);
  set_checks(false);
}

}  // namespace simulated_gpu::test
