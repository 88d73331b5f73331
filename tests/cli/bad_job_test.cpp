// What the commands say of command lines and job files that are wrong: exit 2, where it is wrong and what was meant.
#include <sys/resource.h>

#include <gmock/gmock.h>

#include "tests/support/command_line.h"
#include "tests/support/cuda_device.h"

namespace matinee::test {
namespace {

using testing::HasSubstr;

constexpr int kConfig = 2, kDevice = 4, kMemory = 5, kDiverged = 6;

class BadJob : public PublishedBefore {
 protected:
  void expect_refused_setting(const std::string& setting, const std::vector<std::string>& words) const {
    expect_refused({"train", "job.json", "--set", setting}, kConfig, words);
    expect_refused({"validate", "job.json", "--set", setting}, kConfig, words);
  }
};

TEST_F(BadJob, AnUnknownKeyBringsTheNearestOne) {
  expect_refused_setting("models.mf.factor=3", {"/models/mf/factor: unknown key", "did you mean \"factors\"?"});
}

TEST_F(BadJob, AWrongTypeAndAValueOutOfRangeSayWhatIsExpected) {
  expect_refused_setting("models.mf.factors=many", {"/models/mf/factors", "expected a whole number", "\"many\""});
  expect_refused_setting("models.mf.factors=0", {"/models/mf/factors", "0 is out of range", "1 to 4096"});
}

TEST_F(BadJob, AnUnknownModelOrTypeBringsTheNearestOne) {
  expect_refused_setting("models.mf.initial=cg", {"/models/mf/initial: no model \"cg\"", "did you mean \"cf\"?"});
  expect_refused_setting(R"(models.x={"type":"item_similarty"})",
                         {"/models/x/type: unknown type", "did you mean \"item_similarity\"?"});
}

TEST_F(BadJob, ModelsThatNeedEachOtherAreNamedInOrder) {
  write("cycle.json", job(R"("a": {"type": "mf", "initial": "b"}, "b": {"type": "mf", "initial": "a"})"));
  expect_refused({"train", "cycle.json"}, kConfig, {"cycle.json: ", "a → b → a"});
}

TEST_F(BadJob, ADuplicateKeyIsToldWithBothLines) {
  write("twice.json", "{\"seed\": 1,\n\"seed\": 2,\n" + job(R"("mf": {"type": "mf"})").substr(1));
  expect_refused({"train", "twice.json"}, kConfig, {"twice.json: /seed: duplicate key, on lines 1 and 2"});
}

TEST_F(BadJob, BrokenJsonIsToldWithItsLine) {
  write("broken.json", "{\n  \"seed\": 1,\n  \"models\" {}\n}\n");
  expect_refused({"train", "broken.json"}, kConfig, {"broken.json:3:"});
}

TEST_F(BadJob, ValidateListsEverythingThatIsWrong) {
  write("wrong.json", R"({"sede": 1, "dataset": {"format": "movielens_csv", "path": "good"},
                          "models": {"mf": {"type": "mf", "epoch": 3, "factors": -1}}, "output": {"keep": "all"}})");
  expect_refused(
      {"validate", "wrong.json"}, kConfig,
      {"/sede: unknown key; did you mean \"seed\"?", "/models/mf/epoch: unknown key; did you mean \"epochs\"?",
       "/models/mf/factors: -1 is out of range", "/output/keep: expected a whole number"});
}

TEST_F(BadJob, AMissingJobFileAndAFolderInItsPlaceAreToldApart) {
  expect_refused({"train", "nowhere.json"}, kConfig, {"nowhere.json: cannot be read: No such file"});
  expect_refused({"train", "good"}, kConfig, {"good: is a folder", "name the job file"});
}

TEST_F(BadJob, AnUnknownCommandBringsTheNearestOne) {
  expect_refused({"trian", "job.json"}, kConfig, {"unknown command \"trian\"", "did you mean \"train\"?"});
  expect_refused({"train"}, kConfig, {"CONFIG is required", "--help"});
  expect_refused({}, kConfig, {"subcommand is required", "--help"});
}

TEST_F(BadJob, UnknownUsersItemsAndModelsAreNamedWithWhereTheKnownOnesAre) {
  expect_refused({"recommend", "runs", "--user", "4711"}, kConfig, {"user \"4711\"", "ids/users.tsv"});
  expect_refused({"similar", "runs", "--item", "4711", "--model", "cf"}, kConfig, {"item \"4711\"", "ids/items.tsv"});
  expect_refused({"recommend", "runs", "--user", "1", "--model", "cff"}, kConfig,
                 {"no model \"cff\"", "popular, cf, mf"});
  expect_refused({"similar", "runs", "--item", "1", "--model", "popular"}, kConfig,
                 {"\"popular\"", "no similarity of items", "--model"});
}

TEST_F(BadJob, AnUnknownDeviceIsAUsageErrorAndAMissingOneAnErrorOfItsOwn) {
  expect_refused({"train", "job.json", "--device", "gpu"}, kConfig, {"\"gpu\"", "auto, cpu, cuda or cuda:N"});
  if (!cuda_missing().empty()) {
    expect_refused({"train", "job.json", "--device", "cuda"}, kDevice, {"device \"cuda\"", "--device cpu"});
  }
  expect_refused({"train", "job.json", "--device", "cuda:99"}, kDevice, {"device \"cuda:99\""});
}

TEST_F(BadJob, WhatDoesNotFitIsRefusedBeforeAnythingIsAllocated) {
  const std::string data =
      R"(dataset={"format":"synthetic","synthetic":{"users":2000000,"items":100000,"ratings":2000000000}})";
  ProgramSettings little_memory;
  if (!kSanitized) {
    little_memory.in_child = [] {
      const rlimit limit = {rlim_t{1} << 30, rlim_t{1} << 30};  // 2e9 ratings take more
      ::setrlimit(RLIMIT_DATA, &limit);
    };
  }
  const ProgramEnd end =
      matinee({"train", "job.json", "--set", "limits.host_memory=0.0001", "--set", data}, little_memory);
  EXPECT_EQ(end.exit_code, kMemory) << end.err;
  EXPECT_THAT(end.err, testing::AllOf(HasSubstr("stage \"data\" needs"), HasSubstr("/limits/host_memory"),
                                      HasSubstr("2000000000 ratings"), HasSubstr("Make the job smaller")));
  EXPECT_LT(end.seconds, 10) << "reads or draws before it counts";
  expect_untouched();
}

TEST_F(BadJob, ADivergingModelIsNamedWithItsEpochAndTheRemedy) {
  expect_refused({"train", "job.json", "--set", "models.mf.learning_rate=10", "--set", "models.mf.epochs=50"},
                 kDiverged, {"train mf: ", "diverged", "in epoch ", "lower learning_rate, which is 10"});
}

}  // namespace
}  // namespace matinee::test
