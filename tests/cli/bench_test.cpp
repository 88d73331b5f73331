// `matinee bench`: every operation against what the machine copies and computes.
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"

namespace matinee::test {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class Bench : public CommandLine {};

TEST_F(Bench, PrintsTheChosenOperationsAsATable) {
  EXPECT_THAT(done({"bench", "squared_error/32", "--seconds", "0"}),
              AllOf(HasSubstr("GB/s"), HasSubstr("% copy"), HasSubstr("squared_error/32"),
                    testing::Not(HasSubstr("sgd_epoch"))));
}

TEST_F(Bench, PrintsJsonForScripts) {
  const auto json =
      nlohmann::json::parse(done({"bench", "score_items", "--seconds", "0", "--threads", "1", "--format", "json"}));
  EXPECT_EQ(json.at("device"), "cpu");
  EXPECT_EQ(json.at("threads"), 1);
  EXPECT_GT(json.at("copy_gigabytes_per_second"), 0);
  ASSERT_EQ(json.at("benchmarks").size(), 3U);
  for (const auto& bench : json.at("benchmarks")) {
    for (const char* key : {"median_seconds", "gigabytes_per_second", "share_of_copy_bandwidth", "gigaflops",
                            "share_of_fma_rate", "users_per_second"}) {
      EXPECT_GT(bench.at(key), 0) << bench.at("name") << ' ' << key;
    }
  }
}

TEST_F(Bench, AnUnknownOperationBringsTheNamesOfAll) {
  const ProgramEnd end = matinee({"bench", "nosuch"});
  EXPECT_EQ(end.exit_code, 2);
  EXPECT_THAT(end.err, AllOf(HasSubstr("nosuch"), HasSubstr("top_neighbours/cosine"), HasSubstr("top_n/10")));
}

}  // namespace
}  // namespace matinee::test
