#include "engine/bench/bench_case.h"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

namespace matinee::engine {
namespace {

TEST(BenchCases, HaveNamesOfTheirOwn) {
  std::set<std::string> names;
  for (const BenchCase& bench : bench_cases()) EXPECT_TRUE(names.insert(bench.name).second) << bench.name;
  EXPECT_GE(names.size(), 10U);
}

TEST(BenchCases, RunAndStateBytesAndUnits) {
  Context context(Device{}, 2);
  for (const BenchCase& bench : bench_cases()) {
    const PreparedBench prepared = bench.prepare(context);
    prepared.run();
    EXPECT_GT(prepared.bytes, 0) << bench.name;
    EXPECT_GT(prepared.units, 0) << bench.name;
    EXPECT_GE(prepared.flops, 0) << bench.name;
  }
}

TEST(RunBench, DividesWhatOneRunDoesByItsMedianTime) {
  Context context(Device{}, 1);
  int runs = 0;
  const BenchCase counted{"counted", "things", [&](Context&) { return PreparedBench{[&] { ++runs; }, 10, 20, 5}; }};
  const BenchResult result = run_bench(context, counted, {.runs = 6, .seconds = 0});
  EXPECT_EQ(result.name, "counted");
  EXPECT_EQ(result.unit, "things");
  EXPECT_EQ(result.runs, 6);
  EXPECT_EQ(runs, result.runs + 1) << "one more to warm up";
  EXPECT_DOUBLE_EQ(result.bytes_per_second * result.seconds, 10);
  EXPECT_DOUBLE_EQ(result.flops_per_second * result.seconds, 20);
  EXPECT_DOUBLE_EQ(result.units_per_second * result.seconds, 5);
}

}  // namespace
}  // namespace matinee::engine
