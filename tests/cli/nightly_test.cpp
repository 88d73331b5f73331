// What night after night relies on: the same bytes, reuse, warm starts, the gate, old runs removed.
#include <algorithm>
#include <cctype>
#include <sstream>

#include <gmock/gmock.h>

#include "tests/support/command_line.h"
#include "tests/support/paths.h"
#include "tests/support/text_files.h"

namespace matinee::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

class Nightly : public CommandLine {
 protected:
  std::map<std::string, std::string> trained(const std::vector<std::string>& more = {},
                                             const std::string& output = "runs") const {
    std::vector<std::string> command = {"train", "job.json", "--output", output};
    command.insert(command.end(), more.begin(), more.end());
    done(command);
    return deterministic_files(output + "/current");
  }
  std::vector<std::string> runs() const {
    std::vector<std::string> ids;
    for (const auto& entry : fs::directory_iterator(at("runs"))) {
      const std::string name = entry.path().filename().string();
      if (entry.is_directory() && !entry.is_symlink() && !name.starts_with('.')) ids.push_back(name);
    }
    return ids;
  }
};

TEST_F(Nightly, TheSameJobGivesTheSameBytes) {
  const auto first = trained();
  EXPECT_GE(first.size(), 15U);
  fs::remove_all(at("runs"));
  EXPECT_THAT(differences(trained(), first), testing::IsEmpty());
}

TEST_F(Nightly, ThreadsChangeNoByte) {
  const auto one = trained({"--set", "threads=1"});
  fs::remove_all(at("runs"));
  const auto two = trained({"--set", "threads=2"});
  EXPECT_THAT(differences(one, two), testing::ElementsAre("config.json")) << "which names the threads";
}

TEST_F(Nightly, TheFolderOfTheDataChangesNoByteOfWhatIsLearnt) {
  write("good/movies.csv", "movieId,title,genres\n1,One,Drama\n9999,Unseen,War\n");  // which data.json notes
  const auto here = trained();
  fs::create_directories(at("elsewhere"));
  fs::copy(at("good"), at("elsewhere/data"), fs::copy_options::recursive);
  const auto there = trained({"--set", "dataset.path=elsewhere/data"}, "other_runs");
  EXPECT_THAT(differences(here, there), testing::ElementsAre("config.json", "report.html", "report.md"))
      << "which name the folder";
}

TEST_F(Nightly, AnotherSeedGivesOtherModels) {
  const std::string model = "models/mf/model.safetensors";
  EXPECT_NE(trained().at(model), trained({"--set", "seed=7"}).at(model));
}

TEST_F(Nightly, TheSecondRunReusesEveryStageAndPlanSaysSoBefore) {
  EXPECT_THAT(done({"plan", "job.json"}), AllOf(HasSubstr("train mf"), HasSubstr(" no\n"), Not(HasSubstr(" yes\n"))));
  EXPECT_FALSE(fs::exists(at("runs"))) << "plan writes nothing";
  const auto first = trained();
  for (const auto& [stage, was_reused] : reused("runs/current")) EXPECT_FALSE(was_reused) << stage;
  EXPECT_THAT(done({"plan", "job.json"}), AllOf(HasSubstr(" yes\n"), Not(HasSubstr(" no\n"))));
  EXPECT_THAT(differences(trained(), first), testing::IsEmpty());
  for (const auto& [stage, was_reused] : reused("runs/current")) EXPECT_TRUE(was_reused) << stage;
}

TEST_F(Nightly, AChangedModelIsTheOnlyOneThatIsTrainedAgain) {
  trained();
  trained({"--set", "models.mf.factors=5"});
  for (const auto& [stage, was_reused] : reused("runs/current")) {
    // Searches are measured with the taste that its factors tell.
    EXPECT_EQ(was_reused, !stage.ends_with(" mf") && stage != "search quality") << stage;
  }
}

TEST_F(Nightly, ChangedRatingsTrainEverythingAgain) {
  trained();
  write("good/ratings.csv", ratings(41));
  trained();
  for (const auto& [stage, was_reused] : reused("runs/current")) EXPECT_FALSE(was_reused) << stage;
}

TEST_F(Nightly, OnlyTheNewestRunsAreKept) {
  std::vector<std::string> published;
  for (const char* seed : {"1", "2", "3", "4"}) {
    trained({"--set", std::string("seed=") + seed, "--set", "output.keep=2"});
    published.push_back(current());
  }
  EXPECT_THAT(runs(), testing::UnorderedElementsAre(published[2], published[3]));
  done({"verify", "runs/" + published[2]});
  EXPECT_THAT(done({"rollback", "runs"}), HasSubstr(published[2]));
  EXPECT_EQ(current(), published[2]);
}

TEST_F(Nightly, TheGateRefusesAWorseRunUntilItIsPublishedByHand) {
  const std::string gate = R"(output.gate={"model":"mf","metric":"rmse","candidates":"ratings","max_drop":0.01})";
  trained({"--set", gate});
  const std::string better = current();
  const ProgramEnd end = matinee({"train", "job.json", "--set", gate, "--set", "models.mf.initial_deviation=5"});
  EXPECT_EQ(end.exit_code, 7) << end.err;
  EXPECT_THAT(end.err, AllOf(HasSubstr("the quality gate refuses to publish: rmse of model mf"),
                             HasSubstr("allowed is 0.01"), HasSubstr("The published run stays " + better),
                             HasSubstr("report.html"), HasSubstr("`matinee publish " + at("runs").string())));
  EXPECT_EQ(end.out, "");
  EXPECT_EQ(current(), better);
  done({"verify", "runs"});

  std::string refused;
  for (const std::string& id : runs()) refused = id == better ? refused : id;
  ASSERT_NE(refused, "") << "the refused run is there to be looked at";
  EXPECT_THAT(done({"publish", "runs/" + refused}), HasSubstr("current -> " + refused));
  EXPECT_EQ(current(), refused);
  done({"rollback", "runs"});
  EXPECT_EQ(current(), better);
}

TEST_F(Nightly, AGateOnNoveltyPassesForEveryKindOfIt) {
  for (const std::string kind : {"self_information", "log_popularity"}) {
    trained({"--set", "evaluate.novelty=" + kind, "--set", R"(output.gate={"model":"mf","metric":"novelty"})"}, kind);
    EXPECT_NE(current(kind), "");
  }
  EXPECT_THAT(done({"evaluate", "log_popularity"}), HasSubstr("novelty_log_popularity@10"));
}

TEST_F(Nightly, TheResolvedJobOfARunIsAJobThatReusesEveryStage) {
  trained({"--set", R"(dataset.split={"kind":"k_fold","folds":3})"});
  const std::string resolved = "runs/" + current() + "/config.json";
  done({"validate", resolved});
  done({"train", resolved});
  for (const auto& [stage, was_reused] : reused("runs/current")) EXPECT_TRUE(was_reused) << stage;
}

TEST_F(Nightly, AUserWithoutRatingsOfTonightIsSaidToHaveNone) {
  trained();
  std::string without;
  std::istringstream all(ratings());
  for (std::string line; std::getline(all, line);) without += line.starts_with("7,") ? "" : line + "\n";
  write("good/ratings.csv", without);
  trained({"--set", "warm_start.run=runs/current"});
  const ProgramEnd end = matinee({"recommend", "runs", "--user", "7", "--model", "mf"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.err, HasSubstr("user \"7\" has no training ratings in this run: none went into this list"));
}

TEST_F(Nightly, TestFilesOfSettingsAreThoseOfTheWorkingDirectory) {
  std::istringstream all(ratings());
  std::string held, line;
  for (int number = 0; std::getline(all, line); ++number) held += number % 5 == 0 ? line + "\n" : "";
  write("held.csv", held);
  trained({"--set", "dataset.split.kind=files", "--set", "dataset.split.test=held.csv"});
  EXPECT_THAT(read_text(at("runs/current/config.json")), HasSubstr(at("held.csv").string()));
}

TEST_F(Nightly, DoctorNamesTheLibraries) {
  const std::string text = done({"doctor"});
  for (const char* library : {"fmt ", "spdlog ", "zlib ", "openssl ", "nlohmann_json ", "cli11 ", "eigen "}) {
    const std::size_t place = text.find(library);
    ASSERT_NE(place, std::string::npos) << library;
    EXPECT_TRUE(std::isdigit(static_cast<unsigned char>(text[place + std::string_view(library).size()]))) << text;
  }
}

TEST_F(Nightly, TheFirstNightNeedsNoEarlierRunUnlessItIsRequired) {
  const ProgramEnd end = matinee({"train", "job.json", "--set", "warm_start.run=runs/current"});
  EXPECT_EQ(end.exit_code, 8) << end.err;
  EXPECT_THAT(end.err, HasSubstr("runs/current: not a run"));
  std::filesystem::create_directory(folder_ / "empty");
  for (const char* run : {"empty", "runs", "runs/current"}) {  // the last one is there by then
    done({"train", "job.json", "--set", "warm_start.run=" + std::string(run), "--set", "warm_start.required=false"});
    EXPECT_NE(current(), "");
  }
}

TEST_F(Nightly, AWarmStartKeepsOldIndicesAndTrainsNewUsersAndItems) {
  const auto first = trained();
  const std::string first_run = current();
  // The new ratings stand first: indices come from the earlier run, not from the order of the file.
  std::string more = ratings(44, 33);
  more.insert(more.find('\n') + 1, "first,another,4,2000000\nfirst,1,4,2000001\nfirst,2,3,2000002\n");
  write("good/ratings.csv", more);
  const auto second = trained({"--set", "warm_start.run=runs/current"});
  for (const char* ids : {"ids/users.tsv", "ids/items.tsv"}) {
    EXPECT_TRUE(second.at(ids).starts_with(first.at(ids))) << ids;
    EXPECT_GT(second.at(ids).size(), first.at(ids).size()) << ids;
  }
  EXPECT_EQ(manifest_value("runs/current", "/warm_start"), "\"" + first_run + "\"");
  EXPECT_THAT(done({"recommend", "runs", "--user", "first", "--model", "mf"}), HasSubstr("user first"));
  done({"recommend", "runs", "--user", "44", "--model", "mf"});
  done({"verify", "runs"});

  const std::string model = "models/mf/model.safetensors";
  EXPECT_NE(trained({}, "cold").at(model), second.at(model)) << "the earlier factors were not used";
}

TEST_F(Nightly, FoldsAreEvaluatedOneByOneAndTogether) {
  trained({"--set", R"(dataset.split={"kind":"k_fold","folds":3})"});
  const std::string metrics = read_text(at("runs/current/metrics.json"));
  for (const char* fold : {"1", "2", "3", "\"pooled\""}) {
    EXPECT_THAT(metrics, HasSubstr(std::string("\"fold\": ") + fold));
  }
  done({"verify", "runs"});
  EXPECT_EQ(done({"evaluate", "runs", "--format", "json"}), metrics);
}

TEST_F(Nightly, EvaluateNeedsNothingButTheRun) {
  const std::string metrics = trained().at("metrics.json");
  fs::remove_all(at("good"));
  const ProgramEnd end = matinee({"evaluate", "runs", "--format", "json"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_EQ(end.out, metrics);
  EXPECT_THAT(end.err, HasSubstr("the same numbers as in the run's metrics.json"));
}

TEST_F(Nightly, PathsOfSettingsAreThoseOfTheWorkingDirectoryAndPathsOfTheFileItsOwn) {
  fs::create_directories(at("elsewhere/data"));
  fs::rename(at("good"), at("elsewhere/data/good"));
  fs::rename(at("job.json"), at("elsewhere/data/job.json"));
  ProgramSettings settings;
  settings.folder = at("elsewhere");
  const std::vector<std::string> set = {"train", "data/job.json",       "--set", "dataset.path=data/good",
                                        "--set", "output.directory=out"};
  EXPECT_EQ(matinee(set, settings).exit_code, 0);
  EXPECT_NE(current("elsewhere/out"), "");
  EXPECT_EQ(matinee({"train", "data/job.json"}, settings).exit_code, 0);
  EXPECT_NE(current("elsewhere/data/runs"), "");
}

TEST_F(Nightly, ThePrintedSchemaIsTheCommittedOne) {
  EXPECT_EQ(done({"schema"}), read_text(source_folder() / "configs/schema.json"));
  EXPECT_EQ(done({"schema", "--format", "markdown"}), read_text(source_folder() / "configs/REFERENCE.md"));
}

TEST_F(Nightly, TheHeaderOfAModelIsSafetensors) {
  const std::string file = trained().at("models/mf/model.safetensors");
  uint64_t length = 0;
  ASSERT_GT(file.size(), sizeof length);
  file.copy(reinterpret_cast<char*>(&length), sizeof length);
  ASSERT_LT(length, file.size());
  EXPECT_THAT(file.substr(sizeof length, length),
              AllOf(testing::StartsWith("{"), HasSubstr(R"("user_factors":{"dtype":"F32","shape":[)"),
                    HasSubstr(R"("item_factors":{"dtype":"F32","shape":[)"), HasSubstr("\"data_offsets\":[0,")));
}

}  // namespace
}  // namespace matinee::test
