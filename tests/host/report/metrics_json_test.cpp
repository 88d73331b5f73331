#include "host/report/metrics_json.h"

#include <bit>
#include <cmath>
#include <limits>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"

namespace matinee::host {
namespace {

using testing::HasSubstr;

ModelMetrics one(double value) {
  return {{"cf", {{{{"candidates", std::string("all")}}, {{"ndcg@10", value}}}}}};
}

std::string refusal(const std::string& text) {
  try {
    metrics_from_json(text, "runs/a/metrics.json");
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kArtifact);
    EXPECT_THAT(error.what(), HasSubstr("runs/a/metrics.json"));
    return error.what();
  }
  ADD_FAILURE() << "read without complaint: " << text;
  return "";
}

TEST(MetricsJson, HasTheDocumentedForm) {
  EXPECT_EQ(metrics_to_json(one(0.5)), R"({
  "models": {
    "cf": {
      "evaluations": [
        {
          "protocol": {
            "candidates": "all"
          },
          "metrics": {
            "ndcg@10": 0.5
          }
        }
      ]
    }
  }
}
)");
}

TEST(MetricsJson, HoldsStandardDeviationsBesideTheMetrics) {
  ModelMetrics metrics = one(0.5);
  metrics["cf"][0].deviations["ndcg@10"] = 0.125;
  const std::string text = metrics_to_json(metrics);
  EXPECT_THAT(text, HasSubstr("\"standard_deviations\": {\n            \"ndcg@10\": 0.125"));
  EXPECT_EQ(metrics_from_json(text, "").at("cf")[0].deviations, metrics["cf"][0].deviations);
}

TEST(MetricsJson, HoldsSweepsOfRatiosBesideTheModels) {
  const std::vector<engine::Evaluation> evaluations = one(0.25).at("cf");
  const RatioSweeps sweeps = {{"blend", {{"7:1", evaluations}, {"1:0", one(0.5).at("cf")}}}};
  const std::string text = metrics_to_json(one(0.5), sweeps);
  EXPECT_EQ(metrics_from_json(text, "").at("cf")[0].metrics.at("ndcg@10"), 0.5);
  const RatioSweeps read = ratio_sweeps_from_json(text, "");
  ASSERT_EQ(read.at("blend").size(), 2U);
  EXPECT_EQ(read.at("blend")[0].ratio, "7:1");
  EXPECT_EQ(read.at("blend")[0].evaluations[0].metrics.at("ndcg@10"), 0.25);
  EXPECT_EQ(read.at("blend")[1].ratio, "1:0");
  EXPECT_EQ(metrics_to_json(one(0.5), read), text);
  EXPECT_TRUE(ratio_sweeps_from_json(metrics_to_json(one(0.5)), "").empty());
  EXPECT_THROW(
      ratio_sweeps_from_json(R"({"models": {}, "ratio_sweeps": {"a": [{"ratio": 7, "evaluations": []}]}})", ""), Error);
  EXPECT_THROW(ratio_sweeps_from_json(R"({"models": {}, "ratio_sweeps": {"a": [{"ratio": "7:1"}]}})", ""), Error);
}

TEST(MetricsJson, ReadsBackEveryBit) {
  const Philox draws(test::random_seed(), 2);
  ModelMetrics metrics;
  for (uint64_t n = 0; n < 2000; ++n) {
    const auto value = std::bit_cast<double>(draws.below(2 * n, ~uint64_t{0}));
    if (std::isfinite(value)) metrics["a"].resize(1), metrics["a"][0].metrics[std::to_string(n)] = value;
  }
  metrics["a"][0].metrics["zero"] = -0.0;
  metrics["a"][0].metrics["least"] = std::numeric_limits<double>::denorm_min();
  metrics["a"][0].protocol = {{"candidates", std::string("sampled")}};
  const ModelMetrics read = metrics_from_json(metrics_to_json(metrics), "metrics.json");
  ASSERT_EQ(read.at("a")[0].metrics.size(), metrics["a"][0].metrics.size());
  for (const auto& [name, value] : metrics["a"][0].metrics) {
    EXPECT_EQ(std::bit_cast<uint64_t>(read.at("a")[0].metrics.at(name)), std::bit_cast<uint64_t>(value)) << value;
  }
}

TEST(MetricsJson, KeepsTypesAndOrderOfTheProtocol) {
  const engine::Protocol protocol = {{"ties", std::string("\u00e9 \"lost\"")},
                                     {"candidates", std::string("all")},
                                     {"negatives", int64_t{99}},
                                     {"least", std::numeric_limits<int64_t>::min()},
                                     {"positive_from", 4.0},
                                     {"clipped", true},
                                     {"fold", int64_t{1}}};
  const ModelMetrics metrics = {{"a/b~c", {{protocol, {}}}}, {"empty", {}}};
  const std::string text = metrics_to_json(metrics);
  const ModelMetrics read = metrics_from_json(text, "metrics.json");
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read.at("a/b~c").at(0).protocol, protocol);
  EXPECT_TRUE(read.at("empty").empty());
  EXPECT_EQ(metrics_to_json(read), text);
}

TEST(MetricsJson, RefusesNumbersThatAreNotFinite) {
  EXPECT_THROW(metrics_to_json(one(std::numeric_limits<double>::quiet_NaN())), Error);
  EXPECT_THROW(metrics_to_json(one(-std::numeric_limits<double>::infinity())), Error);
  ModelMetrics metrics = one(0);
  metrics["cf"][0].protocol.emplace_back("share", std::numeric_limits<double>::quiet_NaN());
  EXPECT_THROW(metrics_to_json(metrics), Error);
}

TEST(MetricsJson, SaysWhereABrokenFileIsBroken) {
  EXPECT_THAT(refusal(""), HasSubstr("not valid JSON"));
  EXPECT_THAT(refusal("{\"models\": {"), HasSubstr("line 1"));
  EXPECT_THAT(refusal("[]"), HasSubstr("/: an object is expected"));
  EXPECT_THAT(refusal("{}"), HasSubstr("\"models\" is missing"));
  EXPECT_THAT(refusal(R"({"models": []})"), HasSubstr("/models: an object"));
  EXPECT_THAT(refusal(R"({"models": {"a/b": {}}})"), HasSubstr("/models/a~1b: the key \"evaluations\""));
  EXPECT_THAT(refusal(R"({"models": {"a": {"evaluations": {}}}})"), HasSubstr("/models/a/evaluations: an array"));
  const auto with = [](const std::string& entry) {
    return R"({"models": {"a": {"evaluations": [{"protocol": {"candidates": "all"}, "metrics": {}}, )" + entry + "]}}}";
  };
  EXPECT_THAT(refusal(with("1")), HasSubstr("/models/a/evaluations/1: an object"));
  EXPECT_THAT(refusal(with(R"({"protocol": {}, "metrics": {}})")),
              HasSubstr("/models/a/evaluations/1/protocol: the key \"candidates\""));
  EXPECT_THAT(refusal(with(R"({"protocol": {"candidates": null}, "metrics": {}})")),
              HasSubstr("/models/a/evaluations/1/protocol/candidates: text"));
  EXPECT_THAT(refusal(with(R"({"protocol": {"candidates": "all", "n": 18446744073709551615}, "metrics": {}})")),
              HasSubstr("/protocol/n: an integer below 2^63"));
  EXPECT_THAT(refusal(with(R"({"protocol": {"candidates": "all"}, "metrics": {"rmse": "0.9"}})")),
              HasSubstr("/models/a/evaluations/1/metrics/rmse: a number"));
  EXPECT_THAT(refusal(with(R"({"protocol": {"candidates": "all"}, "metrics": {"rmse": 1e999}})")),
              HasSubstr("not valid JSON"));
}

}  // namespace
}  // namespace matinee::host
