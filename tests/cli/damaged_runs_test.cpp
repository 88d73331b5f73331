// Runs whose files were changed, cut or taken away are not used: exit 8, which file, what to do.
#include <gmock/gmock.h>

#include "tests/support/command_line.h"
#include "tests/support/text_files.h"

namespace matinee::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr int kArtifact = 8;

class DamagedRun : public CommandLine {
 protected:
  DamagedRun() {
    done({"train", "job.json"});
    good_ = current();
    done({"train", "job.json", "--set", "seed=7"});
    bad_ = "runs/" + current();
  }
  void expect_error(const std::vector<std::string>& arguments, const std::vector<std::string>& words) const {
    const ProgramEnd end = matinee(arguments);
    EXPECT_EQ(end.exit_code, kArtifact) << arguments[0] << "\n" << end.err;
    for (const std::string& word : words) EXPECT_THAT(end.err, HasSubstr(word)) << arguments[0];
    EXPECT_EQ(end.out, "") << arguments[0];
  }
  // As another file: the stages of the run share their files with it.
  void replace(const std::string& file, const std::string& text) const {
    fs::remove(at(bad_) / file);
    write(fs::path(bad_) / file, text);
  }
  std::string text(const std::string& file) const { return read_text(at(bad_) / file); }

  std::string good_, bad_;
  const std::string model_ = "models/mf/model.safetensors";
};

TEST_F(DamagedRun, OneChangedBitOfAModelIsNoticedByAllThatReadIt) {
  std::string changed = text(model_);
  ASSERT_GT(changed.size(), 20U);
  changed[changed.size() - 20] = static_cast<char>(changed[changed.size() - 20] ^ 1);
  replace(model_, changed);
  expect_error({"verify", "runs"}, {model_, "sha256", "rollback"});
  expect_error({"recommend", "runs", "--user", "1", "--model", "mf"}, {model_, "sha256", "rollback"});
  expect_error({"evaluate", "runs"}, {model_, "sha256", "rollback"});
  expect_error({"train", "job.json", "--set", "warm_start.run=runs/current", "--output", "other"},
               {model_, "sha256", "rollback"});
  EXPECT_THAT(done({"recommend", "runs", "--user", "1", "--model", "cf"}), HasSubstr("model cf"))
      << "its file is sound";
}

TEST_F(DamagedRun, ATruncatedModelIsNoticedByAllThatReadIt) {
  replace(model_, text(model_).substr(0, 100));
  expect_error({"verify", "runs"}, {model_ + " has 100 bytes", "rollback"});
  expect_error({"recommend", "runs", "--user", "1", "--model", "mf"}, {model_ + " has 100 bytes", "rollback"});
  expect_error({"evaluate", "runs"}, {model_ + " has 100 bytes", "rollback"});
}

TEST_F(DamagedRun, DamagedIdsRatingsAndJobsAreNoticed) {
  for (const char* file : {"ids/users.tsv", "data/train.safetensors", "config.json"}) {
    const std::string whole = text(file);
    replace(file, whole + " ");
    expect_error({"recommend", "runs", "--user", "1", "--model", "mf"}, {file, "bytes, not"});
    expect_error({"verify", "runs"}, {file, "bytes, not"});
    replace(file, whole);
  }
  done({"verify", "runs"});
}

TEST_F(DamagedRun, RollbackGoesToTheIntactRun) {
  replace(model_, "");
  done({"rollback", "runs"});
  EXPECT_EQ(current(), good_);
  done({"recommend", "runs", "--user", "1", "--model", "mf"});
  expect_error({"publish", bad_}, {model_});
  EXPECT_EQ(current(), good_);
}

TEST_F(DamagedRun, AManifestThatLeavesItsRunIsNeitherVerifiedNorPublished) {
  const std::string whole = text("manifest.json"), path = "\"path\": \"" + model_ + "\"";
  ASSERT_THAT(whole, HasSubstr(path));
  done({"publish", "runs/" + good_});
  for (const std::string& outside : {"../" + good_ + "/" + model_, std::string("/etc/passwd")}) {
    std::string changed = whole;
    changed.replace(changed.find(path), path.size(), "\"path\": \"" + outside + "\"");
    replace("manifest.json", changed);
    expect_error({"verify", bad_}, {"manifest.json", outside, "leaves the run's folder"});
    expect_error({"publish", bad_}, {"manifest.json", outside, "leaves the run's folder"});
    expect_error({"recommend", bad_, "--user", "1"}, {"manifest.json", outside, "leaves the run's folder"});
  }
  EXPECT_EQ(current(), good_);
}

TEST_F(DamagedRun, ALinkInPlaceOfAFileIsDamage) {
  fs::rename(at(bad_) / model_, at("elsewhere"));
  fs::create_symlink(at("elsewhere"), at(bad_) / model_);
  expect_error({"verify", bad_}, {model_ + " is a symbolic link"});
}

TEST_F(DamagedRun, ARunWithoutAManifestOrWithABrokenOneIsNone) {
  replace("manifest.json", "{\"schema_version\": 1}");
  expect_error({"verify", bad_}, {"manifest.json: not a manifest", "rollback"});
  for (const char* broken : {"{", "[]", ""}) {
    replace("manifest.json", broken);
    expect_error({"verify", bad_}, {"manifest.json: not a manifest: it is not a JSON object", "rollback"});
  }
  replace("manifest.json", "{\"schema_version\": 1, \"run\": 5}");
  EXPECT_THAT(matinee({"verify", bad_}).err, testing::Not(HasSubstr("json.exception")));
  fs::remove(at(bad_) / "manifest.json");
  const std::vector<std::vector<std::string>> commands = {{"verify", bad_},
                                                          {"publish", bad_},
                                                          {"evaluate", bad_},
                                                          {"recommend", "runs", "--user", "1"},
                                                          {"similar", bad_, "--item", "1"}};
  for (const auto& command : commands) expect_error(command, {at(bad_).string(), "no manifest.json"});
}

TEST_F(DamagedRun, AFolderInPlaceOfAFileIsNamed) {
  fs::remove(at("runs/.published"));
  fs::create_directory(at("runs/.published"));
  expect_error({"publish", bad_}, {at("runs/.published").string(), "is a folder"});
}

TEST_F(DamagedRun, WhatIsNoRunIsSaidToBeNone) {
  for (const char* command : {"verify", "publish", "evaluate"}) {
    expect_error({command, "nowhere"}, {"nowhere: not a run: No such file", "Give a run's folder"});
    expect_error({command, "job.json"}, {"job.json: not a run", "Give a run's folder"});
  }
  expect_error({"rollback", "nowhere"}, {"nowhere: no run is published here", "output directory"});
  expect_error({"rollback", "good"}, {"good: no run is published here", "output directory"});
  EXPECT_FALSE(fs::exists(at("good/.lock"))) << "left in a folder that is none of its business";
}

TEST_F(DamagedRun, ADamagedStageIsMadeAgain) {
  const auto before = deterministic_files(bad_);
  for (const auto& entry : fs::recursive_directory_iterator(at("runs/.stages"))) {
    if (entry.path().filename() != "model.safetensors") continue;
    const std::string whole = read_text(entry.path());
    fs::remove(entry.path());
    write_text(entry.path(), whole.substr(1));
  }
  const ProgramEnd end = matinee({"train", "job.json", "--set", "seed=7"});
  EXPECT_EQ(end.exit_code, 0) << end.err;
  EXPECT_THAT(end.err, HasSubstr("damaged and will be made again"));
  EXPECT_FALSE(reused("runs/current").at("train mf"));
  EXPECT_THAT(differences(deterministic_files("runs/current"), before), testing::IsEmpty());
}

}  // namespace
}  // namespace matinee::test
