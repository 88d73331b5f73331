// EASE, fusions and sweeps of ratios through the command line: from a job file to lists, metrics and the report.
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"
#include "tests/support/text_files.h"
#include "tests/support/xml.h"

namespace matinee::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kConfig = 2, kMemory = 5;

constexpr const char* kModels = R"(
    "cf": {"type": "item_similarity", "neighbours": 10}, "ease": {"type": "ease", "l2": 5},
    "words": {"type": "skip_gram", "dimensions": 6, "epochs": 2},
    "blend": {"type": "fusion", "collaborative": "cf", "content": "words", "ratio": "7:1", "neighbours": 10})";

class FusionJob : public CommandLine {
 protected:
  FusionJob() {
    std::string movies = "movieId,title,genres\n";
    for (int movie = 1; movie <= 30; ++movie) {
      movies += fmt::format("{},\"The {} Story {} (1990)\",Drama\n", movie, movie % 3 == 0 ? "Blue" : "Red", movie);
    }
    write("good/movies.csv", movies);
    write("job.json",
          job(kModels, R"(, "evaluate": {"ratio_sweeps": [{"model": "blend", "ratios": ["1:0", "1:1", "7:1"]}]})"));
  }

  nlohmann::json metrics() const { return nlohmann::json::parse(read_text(at("runs/current/metrics.json"))); }
  void expect_refused(const std::string& setting, const std::vector<std::string>& words) const {
    for (const char* command : {"train", "validate"}) {
      const ProgramEnd end = matinee({command, "job.json", "--set", setting});
      EXPECT_EQ(end.exit_code, kConfig) << setting << "\n" << end.err;
      for (const std::string& word : words) EXPECT_THAT(end.err, HasSubstr(word)) << setting;
      EXPECT_THAT(end.out, IsEmpty());
    }
  }
};

TEST_F(FusionJob, FusedModelsRecommendLikeAnyOther) {
  EXPECT_THAT(done({"train", "job.json"}), AllOf(HasSubstr("blend"), HasSubstr("Ratios of blend")));
  for (const char* model : {"ease", "blend"}) {
    EXPECT_THAT(done({"recommend", "runs", "--user", "1", "--model", model}), HasSubstr("Story"));
    EXPECT_THAT(done({"similar", "runs", "--item", "3", "--model", model, "--top", "2"}),
                AllOf(HasSubstr(fmt::format("model {}", model)), HasSubstr("   2  ")));
    EXPECT_THAT(read_text(at(fmt::format("runs/current/recommendations/{}.tsv", model))), HasSubstr("\n"));
  }
  EXPECT_THAT(done({"verify", "runs"}), Not(IsEmpty()));
}

TEST_F(FusionJob, ASweepMeasuresEachRatioAsTheModelOfThatRatio) {
  done({"train", "job.json"});
  const auto measured = metrics();
  const auto& sweep = measured.at("ratio_sweeps").at("blend");
  ASSERT_EQ(sweep.size(), 3U);
  EXPECT_EQ(sweep[0].at("ratio"), "1:0");
  EXPECT_EQ(sweep[0].at("evaluations"), measured.at("models").at("cf").at("evaluations"));
  EXPECT_EQ(sweep[2].at("evaluations"), measured.at("models").at("blend").at("evaluations"));
  EXPECT_NE(sweep[1].at("evaluations"), sweep[0].at("evaluations"));
  const std::string html = read_text(at("runs/current/report.html")),
                    markdown = read_text(at("runs/current/report.md"));
  EXPECT_EQ(xml_problem(html), "");
  EXPECT_THAT(html, AllOf(HasSubstr("Ratios of fusions"), HasSubstr("<th scope=\"row\">1:1</th>"),
                          HasSubstr("Metrics of blend by ratio")));
  EXPECT_THAT(markdown, AllOf(HasSubstr("## Ratios of fusions"), HasSubstr("Better than 1:0 in precision, recall")));
}

TEST_F(FusionJob, EvaluateFindsTheSameNumbersFromTheArtifacts) {
  done({"train", "job.json"});
  const std::string before = read_text(at("runs/current/metrics.json"));
  EXPECT_EQ(done({"evaluate", "runs", "--format", "json"}), before);
}

TEST_F(FusionJob, EvaluateSweepsOnlyFusionsOfTheRun) {
  done({"train", "job.json"});
  const auto refused = [&](const char* models) {
    write("other.json", job(models, R"(, "evaluate": {"ratio_sweeps": [{"model": "mix"}]})"));
    const ProgramEnd end = matinee({"evaluate", "runs", "other.json"});
    EXPECT_EQ(end.exit_code, kConfig);
    EXPECT_THAT(end.out, IsEmpty());
    return end.err;
  };
  const std::string fusion =
      std::string(kModels) + R"(, "mix": {"type": "fusion", "collaborative": "cf", "content": "words"})";
  EXPECT_THAT(refused(fusion.c_str()), HasSubstr("other.json: /evaluate/ratio_sweeps/0/model: no model \"mix\" in "));
  const std::string earlier = std::string(kModels) + R"(, "mix": {"type": "most_popular"})";
  write("job.json", job(earlier));
  done({"train", "job.json"});
  EXPECT_THAT(refused(fusion.c_str()), AllOf(HasSubstr("/evaluate/ratio_sweeps/0/model: model \"mix\" of "),
                                             HasSubstr("is of type \"most_popular\": name one of type fusion")));
}

TEST_F(FusionJob, TheSameJobGivesTheSameBytesForAnyNumberOfThreads) {
  done({"train", "job.json", "--set", "threads=1"});
  const auto one = deterministic_files("runs/current");
  std::filesystem::remove_all(at("runs"));
  done({"train", "job.json", "--set", "threads=3"});
  EXPECT_THAT(differences(one, deterministic_files("runs/current")), ElementsAre("config.json")) << "which names them";
}

TEST_F(FusionJob, FoldsAreSweptEachAndPooled) {
  done({"train", "job.json", "--set", "dataset.split={\"kind\":\"k_fold\",\"folds\":3}"});
  const auto measured = metrics();
  const auto& sweep = measured.at("ratio_sweeps").at("blend");
  EXPECT_EQ(sweep[0].at("evaluations"), measured.at("models").at("cf").at("evaluations"));
  EXPECT_EQ(sweep[2].at("evaluations"), measured.at("models").at("blend").at("evaluations"));
  EXPECT_EQ(done({"evaluate", "runs", "--format", "json"}), read_text(at("runs/current/metrics.json")));
}

TEST_F(FusionJob, AChangedRatioReusesWhatItDoesNotChange) {
  done({"train", "job.json"});
  done({"train", "job.json", "--set", "models.blend.ratio=3:1"});
  const auto stages = reused("runs/current");
  EXPECT_TRUE(stages.at("train cf"));
  EXPECT_TRUE(stages.at("train words"));
  EXPECT_FALSE(stages.at("train blend"));
}

TEST_F(FusionJob, RatiosThatAreNoneAreToldWithWhatOneIs) {
  for (const char* ratio : {"0:0", "a:b", "-1:2", "7", "1:2:3", "1e9:1"}) {
    expect_refused(fmt::format("models.blend.ratio={}", ratio),
                   {"/models/blend/ratio: ", fmt::format("\"{}\" is no ratio", ratio), "such as \"7:1\""});
  }
  expect_refused("evaluate.ratio_sweeps=[{\"model\":\"blend\",\"ratios\":[\"1:0\",\"0:0\"]}]",
                 {"/evaluate/ratio_sweeps/0/ratios: \"0:0\" is no ratio"});
  expect_refused("evaluate.ratio_sweeps=[{\"model\":\"blend\",\"ratios\":[]}]",
                 {"/evaluate/ratio_sweeps/0/ratios: names no ratio"});
}

TEST_F(FusionJob, ReferencesThatDoNotCompareItemsAreToldWithWhatDoes) {
  expect_refused("models.blend.collaborative=words",
                 {"/models/blend/collaborative: \"blend\" cannot build on \"words\"", "it is of type \"skip_gram\""});
  expect_refused("models.blend.content=nobody", {"/models/blend/content: no model \"nobody\""});
  expect_refused("models.blend.content=", {"/models/blend/content: is missing"});
  expect_refused("models.cf.axis=users", {"/models/blend/collaborative: ", "with axis \"items\""});
  expect_refused("models.blend.content=blend", {"models that need each other"});
  expect_refused("evaluate.ratio_sweeps=[{\"model\":\"cf\"}]",
                 {"/evaluate/ratio_sweeps/0/model: \"cf\" is of type \"item_similarity\" and has no ratio"});
  expect_refused("evaluate.ratio_sweeps=[{\"model\":\"blend\"},{\"model\":\"blend\"}]",
                 {"/evaluate/ratio_sweeps/1/model: \"blend\" stands in two sweeps"});
  expect_refused("dataset.split.kind=none", {"/evaluate/ratio_sweeps/0/model: nothing is measured"});
}

TEST_F(FusionJob, EaseThatDoesNotFitIsRefusedWithWhatMakesItSmaller) {
  const ProgramEnd end = matinee({"train", "job.json", "--set", "limits.host_memory=0.00001"});
  EXPECT_EQ(end.exit_code, kMemory);
  const std::string big = R"({"dataset": {"format": "synthetic",
                              "synthetic": {"users": 1000, "items": 100000, "ratings": 200000}},
                              "models": {"ease": {"type": "ease"}}, "limits": {"host_memory": 4}})";
  write("big.json", big);
  const ProgramEnd refused = matinee({"train", "big.json"});
  EXPECT_EQ(refused.exit_code, kMemory);
  EXPECT_THAT(refused.err,
              AllOf(HasSubstr("stage \"train ease\" needs"), HasSubstr("Make the job smaller (most_items)")));
  done({"plan", "big.json", "--set", "models.ease.most_items=1000"});
}

}  // namespace
}  // namespace matinee::test
