// What the commands say of command lines and job files that are wrong: exit 2, where it is wrong and what was meant.
#include <sys/resource.h>

#include <gmock/gmock.h>

#include "tests/support/command_line.h"
#include "tests/support/cuda_device.h"

namespace matinee::test {
namespace {

using testing::HasSubstr;

constexpr int kConfig = 2, kInput = 3, kDevice = 4, kMemory = 5, kDiverged = 6;

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

TEST_F(BadJob, AModelThatCannotStartFromAnotherIsToldBeforeAnythingIsTrained) {
  expect_refused_setting(
      R"(models.pmf={"type":"pmf","factors":16,"initial":"mf"})",
      {"/models/pmf/initial: \"pmf\" cannot start from \"mf\"", "16 factors", "give \"factors\": 4"});
  expect_refused_setting(
      "models.cf.initial=mf",
      {"/models/cf/initial: a model of type \"item_similarity\" is always trained afresh", "remove"});
}

TEST_F(BadJob, AModelThatCannotFollowThatOfTheWarmStartIsToldBeforeAnythingIsTrained) {
  const std::vector<std::string> change = {"job.json", "--set", "warm_start.run=runs", "--set", "models.mf.factors=6"};
  for (const char* command : {"validate", "plan", "train"}) {
    std::vector<std::string> arguments = {command};
    arguments.insert(arguments.end(), change.begin(), change.end());
    expect_refused(arguments, kConfig,
                   {"job.json: /models/mf: cannot start from the model of this name", at("runs").string(),
                    "6 factors cannot start from one of 4: give \"factors\": 4, or rename the model"});
  }
  done({"validate", "job.json", "--set", "warm_start.run=nowhere"});  // may be there by tonight
  done({"validate", "job.json", "--set", "warm_start.run=runs", "--set", "models.cf.neighbours=3"});
}

TEST_F(BadJob, KeysThatDoNothingAreErrors) {
  expect_refused_setting("dataset.delimiter=;",
                         {"/dataset/delimiter: has no effect", "\"movielens_csv\"", "delimited"});
  expect_refused_setting("dataset.split.folds=7",
                         {"/dataset/split/folds: has no effect", "\"leave_last_out\"", "k_fold"});
  expect_refused_setting("dataset.synthetic.users=5", {"/dataset/synthetic/users: has no effect", "synthetic"});
}

TEST_F(BadJob, RatingsAboveTheScaleCannotBeWhatIsPositive) {
  expect_refused_setting("dataset.positive_from=6",
                         {"/dataset/positive_from: is 6, above the highest rating, 5", "dataset.rating_max"});
}

TEST_F(BadJob, AMalformedSettingHidesNoErrorOfTheFile) {
  write("wrong.json", R"({"sede": 1, "dataset": {"path": "good"}, "models": {"mf": {"type": "mf", "factors": -1}}})");
  expect_refused({"validate", "wrong.json", "--set", "foo", "--set", R"(output={"keep":1,"keep":2})"}, kConfig,
                 {"/sede: unknown key", "/models/mf/factors: -1 is out of range", "--set foo: expected a.b=VALUE",
                  "/output/keep: duplicate key"});
}

TEST_F(BadJob, ModelsThatARunDoesNotHaveCannotBeEvaluated) {
  write("other.json",
        job(R"("mf": {"type": "mf"}, "new": {"type": "random"})", R"(, "evaluate": {"models": ["new", "mf"]})"));
  expect_refused({"evaluate", "runs", "other.json"}, kConfig,
                 {"other.json: /evaluate/models: no model \"new\" in ", "it has popular, cf, mf"});
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

TEST_F(BadJob, ADivergingNetworkIsNamedWithItsEpochItsValueAndTheRemedy) {
  for (const char* type : {"gmf", "mlp", "neumf"}) {
    const std::string model = std::string(R"(models={"net":{"batch":16,"learning_rate":1000,"type":")") + type + "\"}}";
    expect_refused({"train", "job.json", "--set", model, "--set", R"(evaluate={"models":["net"]})"}, kDiverged,
                   {"train net: training diverged: ", " in epoch ", "lower learning_rate, which is 1000"});
  }
}

TEST_F(BadJob, WhatGoesWrongInAStageBeginsWithItsName) {
  write("low/ratings.csv", "userId,movieId,rating,timestamp\n1,1,4,10\n1,2,3,11\n2,1,2.5,12\n2,2,3,13\n");
  expect_refused({"train", "job.json", "--set", "dataset.path=low", "--set", "dataset.positive_from=5"}, kInput,
                 {"evaluate popular: nothing can be ranked", "dataset.positive_from"});
}

}  // namespace
}  // namespace matinee::test
