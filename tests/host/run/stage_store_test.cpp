#include "host/run/stage_store.h"

#include <gtest/gtest.h>

#include "engine/artifacts/file_writer.h"
#include "host/run/output_files.h"
#include "tests/support/temporary_folder.h"

namespace matinee::host {
namespace {

namespace fs = std::filesystem;

class StageStoreTest : public testing::Test {
 protected:
  void make_stage(const std::string& fingerprint, const std::string& content) {
    const fs::path folder = store_.begin(fingerprint);
    engine::write_file(folder / "result.txt", content);
    StageRecord record;
    record.name = "train a";
    record.fingerprint = fingerprint;
    store_.finish(record);
  }
  test::TemporaryFolder folder_;
  StageStore store_{folder_.path()};
};

TEST_F(StageStoreTest, AFinishedStageIsFoundWithItsFiles) {
  EXPECT_FALSE(store_.find("f1"));
  make_stage("f1", "hello");
  const auto record = store_.find("f1");
  ASSERT_TRUE(record);
  ASSERT_EQ(record->files.size(), 1U);
  EXPECT_EQ(record->files[0].path, "result.txt");
  EXPECT_EQ(record->files[0].bytes, 5);
  EXPECT_EQ(record->files[0].sha256, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
}

TEST_F(StageStoreTest, AnUnfinishedStageKeepsItsFolderAndIsNotFound) {
  engine::write_file(store_.begin("f1") / "half", "x");
  EXPECT_FALSE(store_.find("f1"));
  EXPECT_TRUE(fs::exists(store_.begin("f1") / "half"));
}

TEST_F(StageStoreTest, ADamagedStageIsRemovedAndMadeAgain) {
  make_stage("f1", "hello");
  engine::write_file(store_.folder("f1") / "result.txt", "jello");
  EXPECT_FALSE(store_.find("f1"));
  EXPECT_FALSE(fs::exists(store_.folder("f1")));
  make_stage("f1", "hello");
  fs::remove(store_.folder("f1") / "result.txt");
  EXPECT_FALSE(store_.find("f1"));
  make_stage("f1", "hello");
  engine::write_file(store_.folder("f1") / "stage.json", "{");
  EXPECT_FALSE(store_.find("f1"));
}

TEST_F(StageStoreTest, PruningKeepsWhatIsNamedAndWhatAnInterruptedJobMayComeBackTo) {
  make_stage("f1", "a");
  make_stage("f2", "b");
  store_.begin("f3");
  store_.prune({"f2"}, std::chrono::hours{1});
  EXPECT_TRUE(store_.find("f1")) << "younger than an hour";
  store_.prune({"f2"}, std::chrono::hours{0});
  EXPECT_FALSE(store_.find("f1"));
  EXPECT_TRUE(store_.find("f2"));
  EXPECT_FALSE(fs::exists(folder_.path() / ".stages/f3.partial"));
}

}  // namespace
}  // namespace matinee::host
