// Clusters of users, candidates, their ranker and user activity through the command line: from a job file to report and
// lists, and what is said of jobs and data that cannot be used.
#include <filesystem>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.h"
#include "tests/support/text_files.h"
#include "tests/support/xml.h"

namespace matinee::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr int kConfig = 2, kInput = 3;

constexpr const char* kModels = R"(
  "groups": {"type": "clusters", "clusters": 3},
  "cf": {"type": "item_similarity", "neighbours": 10},
  "calm": {"type": "item_similarity", "neighbours": 10, "activity": {"clusters": "groups", "mix": 0.6}},
  "pool": {"type": "candidates", "clusters": "groups", "collaborative": "cf", "most": 4},
  "ranked": {"type": "ranker", "candidates": "pool", "model": "cf"})";

class CandidateJobs : public CommandLine {
 protected:
  CandidateJobs() {
    write_movies([](int movie) { return movie % 2 == 0 ? "Drama|War" : "Comedy"; });
    write_job(kModels);
  }

  template <typename Genres>
  void write_movies(const Genres& genres) const {
    std::string movies = "movieId,title,genres\n";
    for (int movie = 1; movie <= 30; ++movie)
      movies += fmt::format("{},Story {} (1990),{}\n", movie, movie, genres(movie));
    write("good/movies.csv", movies);
  }
  void write_job(const std::string& models) const {
    write("job.json", job(models, R"(, "evaluate": {"top_n": 5, "metrics": ["hit_rate", "ndcg", "recall", "ils"],
                                      "sampled_negatives": 5, "activity_bins": 2})"));
  }
  // What `train` says where it ends so.
  std::string refused(int exit_code, const std::string& models) const {
    write_job(models);
    const ProgramEnd end = matinee({"train", "job.json"});
    EXPECT_EQ(end.exit_code, exit_code) << end.err;
    EXPECT_THAT(end.out, IsEmpty());
    return end.err;
  }
};

nlohmann::json evaluations(const fs::path& metrics, const char* model) {
  return nlohmann::json::parse(read_text(metrics)).at("models").at(model).at("evaluations");
}

TEST_F(CandidateJobs, LeaveClustersListsAndAReportOfBoth) {
  const std::string said = done({"train", "job.json"});
  EXPECT_THAT(said, AllOf(HasSubstr("ranked"), HasSubstr("groups"), Not(HasSubstr("pool "))));
  const fs::path run = at("runs/current");
  for (const char* name : {"groups/clusters.json", "groups/clusters.tsv", "pool/model.safetensors"}) {
    EXPECT_TRUE(fs::exists(run / "models" / name)) << name;
  }
  EXPECT_THAT(read_text(run / "models/groups/clusters.tsv"), StartsWith("1\t"));
  EXPECT_FALSE(fs::exists(run / "recommendations/pool.tsv"));
  for (const char* name : {"report.html", "report.md"}) {
    EXPECT_THAT(read_text(run / name),
                AllOf(HasSubstr("Groups of users"), HasSubstr("Rates more"), HasSubstr("reading: mixing"),
                      HasSubstr("reading: quantile"), HasSubstr("Candidate recall"), HasSubstr("not weighed"),
                      HasSubstr("after every candidate and tied with each other"), HasSubstr("1 of 2")))
        << name;
  }
  EXPECT_EQ(xml_problem(read_text(run / "report.html")), "");
  EXPECT_THAT(done({"recommend", "runs", "--user", "3", "--model", "ranked", "--top", "2"}), HasSubstr("Story "));
  EXPECT_THAT(done({"verify", "runs"}), Not(IsEmpty()));
}

TEST_F(CandidateJobs, NoRankerFindsMoreThanItsCandidates) {
  done({"train", "job.json"});
  const auto measured = evaluations(at("runs/current/metrics.json"), "ranked");
  const auto& all = measured.at(0);
  EXPECT_EQ(all.at("protocol").at("candidates"), "all");
  EXPECT_EQ(all.at("protocol").at("candidate_sources_most"), 4);
  EXPECT_LE(all.at("metrics").at("recall@5"), all.at("metrics").at("candidate_recall"));
  EXPECT_EQ(measured.at(1).at("protocol").at("candidates"), "sampled");
  EXPECT_TRUE(measured.at(1).at("protocol").contains("non_candidates"));
  EXPECT_FALSE(evaluations(at("runs/current/metrics.json"), "cf").at(0).at("metrics").contains("candidate_recall"));
}

TEST_F(CandidateJobs, AreEvaluatedAgainToTheSameNumbers) {
  done({"train", "job.json"});
  EXPECT_THAT(done({"evaluate", "runs"}), HasSubstr("ranked"));
}

TEST_F(CandidateJobs, SameJobSameBytesForAnyThreads) {
  done({"train", "job.json", "--set", "threads=1", "--output", "one"});
  done({"train", "job.json", "--set", "threads=3", "--output", "three"});
  EXPECT_THAT(differences(deterministic_files("one/current"), deterministic_files("three/current")),
              ElementsAre("config.json"));
}

TEST_F(CandidateJobs, OfDataWithoutGenresSayWhatToDo) {
  write_movies([](int) { return "(no genres listed)"; });
  EXPECT_THAT(refused(kInput, kModels), AllOf(HasSubstr("no item has a genre"), HasSubstr("dataset.titles")));
  fs::remove(at("good/movies.csv"));
  EXPECT_THAT(refused(kInput, kModels), AllOf(HasSubstr("no item has a genre"), HasSubstr("dataset.titles")));
}

TEST_F(CandidateJobs, ThatNameTheWrongModelsAreRefused) {
  const std::string popular = R"("popular": {"type": "most_popular"}, "groups": {"type": "clusters"},)";
  EXPECT_THAT(refused(kConfig, popular + R"("pool": {"type": "candidates", "clusters": "popular"})"),
              AllOf(HasSubstr("/models/pool"), HasSubstr("\"pool\" cannot build on \"popular\""),
                    HasSubstr("type \"clusters\"")));
  EXPECT_THAT(refused(kConfig, popular + R"("pool": {"type": "candidates"})"),
              AllOf(HasSubstr("/models/pool/collaborative"), HasSubstr("is needed where clusters is empty")));
  EXPECT_THAT(refused(kConfig, popular + R"("ranked": {"type": "ranker", "candidates": "groups"})"),
              AllOf(HasSubstr("/models/ranked/model"), HasSubstr("is missing")));
  EXPECT_THAT(refused(kConfig, popular + R"("ranked": {"type": "ranker", "candidates": "groups", "model": "popular"})"),
              AllOf(HasSubstr("/models/ranked"), HasSubstr("type \"candidates\"")));
  EXPECT_THAT(refused(kConfig, popular + R"("cf": {"type": "item_similarity", "activity": {"clusters": "popular"}})"),
              AllOf(HasSubstr("/models/cf"), HasSubstr("type \"clusters\"")));
  EXPECT_THAT(refused(kConfig, popular + R"("cf": {"type": "item_similarity", "activity": {"mix": 0.2}})"),
              AllOf(HasSubstr("/models/cf/activity/mix"), HasSubstr("activity.clusters")));
  EXPECT_THAT(refused(kConfig, popular + R"("cf": {"type": "item_similarity", "activity": {"clusters": "grops"}})"),
              AllOf(HasSubstr("/models/cf/activity/clusters"), HasSubstr("did you mean \"groups\"?")));
}

TEST_F(CandidateJobs, OfCandidatesAreNotEvaluatedThemselves) {
  std::string text = job(kModels, R"(, "evaluate": {"models": ["pool"]})");
  write("job.json", text);
  const ProgramEnd end = matinee({"validate", "job.json"});
  EXPECT_EQ(end.exit_code, kConfig);
  EXPECT_THAT(end.err, HasSubstr("recommends nothing"));
}

TEST_F(CandidateJobs, CanGateOnTheRecallOfCandidatesWhereThereAreSome) {
  const auto with_gate = [](const std::string& model) {
    std::string text = job(kModels);
    text.insert(text.rfind("}}"), R"(, "gate": {"model": ")" + model + R"(", "metric": "candidate_recall"})");
    return text;
  };
  write("job.json", with_gate("ranked"));
  done({"train", "job.json"});
  write("job.json", with_gate("cf"));
  EXPECT_THAT(matinee({"validate", "job.json"}).err,
              AllOf(HasSubstr("/output/gate/model"), HasSubstr("chooses from all items")));
}

TEST_F(CandidateJobs, WithOneBinAreRefused) {
  write("job.json", job(kModels, R"(, "evaluate": {"activity_bins": 1})"));
  const ProgramEnd end = matinee({"validate", "job.json"});
  EXPECT_EQ(end.exit_code, kConfig);
  EXPECT_THAT(end.err, AllOf(HasSubstr("/evaluate/activity_bins"), HasSubstr("give 2 or more")));
}

}  // namespace
}  // namespace matinee::test
