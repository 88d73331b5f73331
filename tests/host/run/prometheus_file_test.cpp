#include "host/run/prometheus_file.h"

#include <sstream>

#include <gmock/gmock.h>

#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::MatchesRegex;
using testing::Not;

RunSummary example() {
  RunSummary summary;
  summary.job = "night \"1\"\\\n";
  summary.run = "20260301T040506Z-night";
  summary.published = true;
  StageRecord stage;
  stage.name = "train mf";
  stage.seconds = 12.5;
  stage.peak_host_bytes = 1 << 20;
  summary.stages = {stage};
  engine::Evaluation evaluation;
  evaluation.protocol = {{"candidates", std::string("all")}, {"fold", int64_t{2}}};
  evaluation.metrics = {{"hit_rate@10", 0.7}, {"ndcg@10", 0.1 + 0.2}};
  engine::Evaluation of_some = evaluation;  // of a part of the users: another figure under the same labels
  of_some.protocol.emplace_back("activity_bin", int64_t{1});
  summary.metrics["mf"] = {evaluation, of_some};
  engine::Evaluation search;
  search.protocol = {{"candidates", std::string("search")}, {"ranking", std::string("BM25")}};
  search.metrics = {{"mrr", 0.25}};
  summary.search = {search};
  summary.started = 1000;
  summary.ended = 1060.5;
  return summary;
}

TEST(PrometheusText, HasEveryFigureInItsFormat) {
  const std::string text = prometheus_text(example(), 1060.5);
  const std::string job = R"(job_name="night \"1\"\\\n")";
  EXPECT_THAT(text, AllOf(HasSubstr("matinee_run_exit_code{" + job + "} 0\n"),
                          HasSubstr("matinee_run_published{" + job + "} 1\n"),
                          HasSubstr("matinee_run_duration_seconds{" + job + "} 60.5\n"),
                          HasSubstr("matinee_run_last_success_timestamp_seconds{" + job + "} 1060.5\n"),
                          HasSubstr("matinee_stage_seconds{" + job + R"(,stage="train mf",device="cpu"} 12.5)"),
                          HasSubstr(R"(model="mf",candidates="all",fold="2",metric="hit_rate@10"} 0.7)"),
                          HasSubstr(R"(metric="ndcg@10"} 0.30000000000000004)"),
                          HasSubstr(R"(ranking="BM25",model="",metric="mrr"} 0.25)")));
}

TEST(PrometheusText, EveryLineIsACommentOrASampleOfTheFamilyAboveIt) {
  std::istringstream lines(prometheus_text(example(), std::nullopt));
  constexpr const char* kSample = R"re([a-z_]+\{[a-z_]+="([^"\\]|\\.)*"(,[a-z_]+="([^"\\]|\\.)*")*\} [-+.e0-9]+)re";
  const std::string type = "# TYPE ", help = "# HELP ";
  std::string family;
  int samples = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(type)) {
      EXPECT_EQ(line, type + family + " gauge");
    } else if (line.starts_with(help)) {
      EXPECT_THAT(line, MatchesRegex("# HELP [a-z_]+ [A-Z1].*\\."));
      const std::string next = line.substr(help.size(), line.find(' ', help.size()) - help.size());
      EXPECT_NE(family, next);
      family = next;
    } else {
      EXPECT_THAT(line, MatchesRegex(kSample));
      EXPECT_EQ(line.substr(0, line.find('{')), family);
      ++samples;
    }
  }
  EXPECT_EQ(samples, 13);
}

TEST(PrometheusFile, AFailedRunKeepsTheTimeOfTheLastSuccess) {
  const test::TemporaryFolder folder;
  const auto path = folder.path() / "matinee.prom";
  RunSummary summary = example();
  summary.exit_code = 7;
  write_prometheus_file(path, summary);
  EXPECT_THAT(test::read_text(path), Not(HasSubstr("last_success")));
  summary.exit_code = 0;
  write_prometheus_file(path, summary);
  EXPECT_EQ(last_success_in(test::read_text(path)), 1060.5);
  summary = {};
  summary.exit_code = 3;
  summary.ended = 2000;
  for (int night = 0; night < 2; ++night) {
    write_prometheus_file(path, summary);
    EXPECT_EQ(last_success_in(test::read_text(path)), 1060.5);
    EXPECT_THAT(test::read_text(path), HasSubstr("matinee_run_exit_code{job_name=\"\"} 3\n"));
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "nothing else is left";
}

TEST(PrometheusFile, OfOtherTextsNoTimeIsRead) {
  EXPECT_FALSE(last_success_in(""));
  EXPECT_FALSE(last_success_in("\nmatinee_run_last_success_timestamp_seconds{} never\n"));
  EXPECT_FALSE(last_success_in("# matinee_run_last_success_timestamp_seconds{} 5\n"));
}

}  // namespace
}  // namespace matinee::host
