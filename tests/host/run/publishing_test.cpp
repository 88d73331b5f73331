#include "host/run/publishing.h"

#include <gtest/gtest.h>

#include "engine/artifacts/file_writer.h"
#include "kernels/support/error.h"
#include "tests/support/temporary_folder.h"

namespace matinee::host {
namespace {

namespace fs = std::filesystem;

class Publishing : public testing::Test {
 protected:
  // A run with nothing but a manifest and one measured number.
  void add_run(const std::string& id, double ndcg = 0.5) {
    fs::create_directories(directory() / id);
    engine::write_file(directory() / id / "manifest.json", "{}");
    engine::write_file(directory() / id / "metrics.json", metrics_to_json(measured(ndcg)));
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

TEST_F(Publishing, TheGateComparesWithThePublishedRunInTheMetricsOwnDirection) {
  const Gate larger{"cf", "ndcg@10", "all", 0.02}, smaller{"cf", "rmse", "all", 0.02};
  EXPECT_NE(check_gate(larger, directory(), measured(0.1)), "")
      << "nothing is published, so there is nothing to compare";
  add_run("1-a", 0.5);
  publish_run(directory(), "1-a");
  EXPECT_EQ(check_gate(larger, directory(), measured(0.49)), "");
  EXPECT_EQ(check_gate(larger, directory(), measured(0.9)), "");
  EXPECT_EQ(kind_of([&] { check_gate(larger, directory(), measured(0.47)); }), ErrorKind::kGate);
  EXPECT_EQ(check_gate(smaller, directory(), measured(0.1)), "");
  EXPECT_EQ(kind_of([&] { check_gate(smaller, directory(), measured(0.53)); }), ErrorKind::kGate);
}

TEST_F(Publishing, TheGateRefusesARunThatDidNotMeasureItsMetric) {
  EXPECT_EQ(kind_of([&] {
              check_gate({"cf", "recall@10", "all", 0.02}, directory(), measured(0.5));
            }),
            ErrorKind::kGate);
  EXPECT_EQ(kind_of([&] {
              check_gate({"pmf", "ndcg@10", "all", 0.02}, directory(), measured(0.5));
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

TEST_F(Publishing, OldRunsGoAndTheCurrentOneAndForeignFoldersStay) {
  for (const char* id : {"1-a", "2-a", "3-a", "4-a"}) {
    add_run(id);
    publish_run(directory(), id);
  }
  fs::create_directories(directory() / "notes");
  add_run("0-unpublished");
  add_run("5-unpublished");
  remove_old_runs(directory(), 2);
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
