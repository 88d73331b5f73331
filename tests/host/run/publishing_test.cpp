#include "host/run/publishing.h"

#include <gtest/gtest.h>

#include "engine/artifacts/file_writer.h"
#include "engine/artifacts/sha256.h"
#include "host/run/manifest.h"
#include "host/run/output_files.h"
#include "kernels/support/error.h"
#include "tests/support/temporary_folder.h"

namespace matinee::host {
namespace {

namespace fs = std::filesystem;

class Publishing : public testing::Test {
 protected:
  // A whole run without models, with one measured number.
  void add_run(const std::string& id, double ndcg = 0.5) {
    const fs::path run = directory() / id;
    for (const char* file :
         {"config.json", "ids/users.tsv", "ids/items.tsv", "data/data.json", "data/train.safetensors"}) {
      fs::create_directories((run / file).parent_path());
      engine::write_file(run / file, file);
    }
    engine::write_file(run / "metrics.json", metrics_to_json(measured(ndcg)));
    Manifest manifest;
    manifest.run_id = id;
    manifest.config_sha256 = engine::sha256_of("config.json");
    manifest.outputs = list_files(run);
    engine::write_file(run / "manifest.json", manifest_to_json(manifest));
  }
  static ModelMetrics measured(double ndcg) {
    return {{"cf", {{{{"candidates", std::string("all")}}, {{"ndcg@10", ndcg}, {"rmse", ndcg}}}}}};
  }
  const fs::path& directory() const { return folder_.path(); }
  static ErrorKind kind_of(const std::function<void()>& action) {
    try {
      action();
    } catch (const Error& error) {
      return error.kind();
    }
    ADD_FAILURE() << "no error";
    return ErrorKind::kConfig;
  }
  test::TemporaryFolder folder_;
};

TEST_F(Publishing, CurrentIsARelativeLinkToTheRun) {
  EXPECT_EQ(published_run(directory()), "");
  add_run("1-a");
  publish_run(directory(), "1-a");
  EXPECT_EQ(fs::read_symlink(directory() / "current"), "1-a");
  EXPECT_EQ(published_run(directory()), "1-a");
}

TEST_F(Publishing, RollbackGoesBackRunByRunAndStopsAtTheFirst) {
  for (const char* id : {"1-a", "2-a", "3-a"}) {
    add_run(id);
    publish_run(directory(), id);
  }
  EXPECT_EQ(roll_back(directory()), "2-a");
  EXPECT_EQ(roll_back(directory()), "1-a");
  EXPECT_EQ(kind_of([&] { roll_back(directory()); }), ErrorKind::kArtifact);
  EXPECT_EQ(published_run(directory()), "1-a");
}

TEST_F(Publishing, RollbackPassesOverRunsThatAreGone) {
  for (const char* id : {"1-a", "2-a", "3-a"}) {
    add_run(id);
    publish_run(directory(), id);
  }
  fs::remove_all(directory() / "2-a");
  EXPECT_EQ(roll_back(directory()), "1-a");
}

TEST_F(Publishing, RollbackPassesOverDamagedRunsAndKeepsTheListWhereNoneIsWhole) {
  for (const char* id : {"1-a", "2-a", "3-a"}) {
    add_run(id);
    publish_run(directory(), id);
  }
  fs::remove(directory() / "2-a/data/train.safetensors");
  EXPECT_EQ(roll_back(directory()), "1-a");
  publish_run(directory(), "3-a");
  engine::write_file(directory() / "1-a/ids/users.tsv", "changed");
  EXPECT_EQ(kind_of([&] { roll_back(directory()); }), ErrorKind::kArtifact);
  EXPECT_EQ(published_run(directory()), "3-a");
}

TEST_F(Publishing, TheGateStaysShutWhereThePublishedNumbersAreDamaged) {
  const Gate gate{"cf", "ndcg@10", "all", 0.02};
  add_run("1-a", 0.5);
  publish_run(directory(), "1-a");
  engine::write_file(directory() / "1-a/metrics.json", metrics_to_json(measured(0.1)));
  EXPECT_EQ(kind_of([&] { check_gate(gate, directory(), "2-a", measured(0.2)); }), ErrorKind::kArtifact);
  fs::remove(directory() / "1-a/metrics.json");
  EXPECT_EQ(kind_of([&] { check_gate(gate, directory(), "2-a", measured(0.9)); }), ErrorKind::kArtifact);
}

TEST_F(Publishing, TheGateComparesWithThePublishedRunInTheMetricsOwnDirection) {
  const Gate larger{"cf", "ndcg@10", "all", 0.02}, smaller{"cf", "rmse", "all", 0.02};
  EXPECT_NE(check_gate(larger, directory(), "9-new", measured(0.1)), "")
      << "nothing is published, so there is nothing to compare";
  add_run("1-a", 0.5);
  publish_run(directory(), "1-a");
  EXPECT_EQ(check_gate(larger, directory(), "9-new", measured(0.49)), "");
  EXPECT_EQ(check_gate(larger, directory(), "9-new", measured(0.9)), "");
  EXPECT_EQ(kind_of([&] { check_gate(larger, directory(), "9-new", measured(0.47)); }), ErrorKind::kGate);
  EXPECT_EQ(check_gate(smaller, directory(), "9-new", measured(0.1)), "");
  EXPECT_EQ(kind_of([&] { check_gate(smaller, directory(), "9-new", measured(0.53)); }), ErrorKind::kGate);
}

TEST_F(Publishing, TheGateRefusesARunThatDidNotMeasureItsMetric) {
  EXPECT_EQ(kind_of([&] {
              check_gate({"cf", "recall@10", "all", 0.02}, directory(), "9-new", measured(0.5));
            }),
            ErrorKind::kGate);
  EXPECT_EQ(kind_of([&] {
              check_gate({"pmf", "ndcg@10", "all", 0.02}, directory(), "9-new", measured(0.5));
            }),
            ErrorKind::kGate);
}

TEST_F(Publishing, ARunThatWasRolledBackIsNotRolledBackToLater) {
  for (const char* id : {"1-a", "2-a"}) {
    add_run(id);
    publish_run(directory(), id);
  }
  roll_back(directory());
  add_run("3-a");
  publish_run(directory(), "3-a");
  EXPECT_EQ(roll_back(directory()), "1-a");
}

TEST_F(Publishing, OfRefusedRunsTheNewestStay) {
  add_run("1-a");
  publish_run(directory(), "1-a");
  for (const char* id : {"2-refused", "3-refused", "4-refused", "5-refused"}) add_run(id);
  remove_old_runs(directory(), 2);
  for (const char* id : {"1-a", "4-refused", "5-refused"}) EXPECT_TRUE(fs::exists(directory() / id)) << id;
  for (const char* id : {"2-refused", "3-refused"}) EXPECT_FALSE(fs::exists(directory() / id)) << id;
}

TEST_F(Publishing, OldRunsGoAndTheCurrentOneAndForeignFoldersStay) {
  for (const char* id : {"1-a", "2-a", "3-a", "4-a"}) {
    add_run(id);
    publish_run(directory(), id);
  }
  fs::create_directories(directory() / "notes");
  add_run("0-unpublished");
  add_run("5-unpublished");
  fs::copy(directory() / "2-a", directory() / "0-backup", fs::copy_options::recursive);
  fs::create_directories(directory() / "0-archive");
  engine::write_file(directory() / "0-archive/manifest.json", "{}");
  remove_old_runs(directory(), 2);
  EXPECT_TRUE(fs::exists(directory() / "0-backup")) << "a copy under another name is not ours to remove";
  EXPECT_TRUE(fs::exists(directory() / "0-archive"));
  EXPECT_FALSE(fs::exists(directory() / "1-a"));
  EXPECT_FALSE(fs::exists(directory() / "2-a"));
  EXPECT_TRUE(fs::exists(directory() / "3-a"));
  EXPECT_TRUE(fs::exists(directory() / "4-a"));
  EXPECT_TRUE(fs::exists(directory() / "notes"));
  EXPECT_FALSE(fs::exists(directory() / "0-unpublished"));
  EXPECT_TRUE(fs::exists(directory() / "5-unpublished")) << "a refused run stays for inspection";
  publish_run(directory(), "3-a");
  remove_old_runs(directory(), 1);
  EXPECT_TRUE(fs::exists(directory() / "3-a")) << "the current run is never removed";
}

}  // namespace
}  // namespace matinee::host
