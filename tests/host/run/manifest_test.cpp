#include "host/run/manifest.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/artifacts/file_writer.h"
#include "engine/artifacts/sha256.h"
#include "host/run/output_files.h"
#include "kernels/support/error.h"
#include "tests/support/temporary_folder.h"

namespace matinee::host {
namespace {

class ManifestTest : public testing::Test {
 protected:
  ManifestTest() {
    engine::write_file(run() / "config.json", "{}\n");
    engine::write_file(run() / "report.md", "hello");
    for (const char* file :
         {"metrics.json", "ids/users.tsv", "ids/items.tsv", "data/data.json", "data/train.safetensors"}) {
      std::filesystem::create_directories((run() / file).parent_path());
      engine::write_file(run() / file, file);
    }
    manifest_.run_id = "1-a";
    manifest_.config_sha256 = engine::sha256_of("{}\n");
    manifest_.outputs = list_files(run());
    write();
  }
  const std::filesystem::path& run() const { return folder_.path(); }
  void write() const { engine::write_file(run() / "manifest.json", manifest_to_json(manifest_)); }
  std::string problem() const {
    try {
      verify_run(run());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kArtifact);
      return error.what();
    }
    return "";
  }
  test::TemporaryFolder folder_;
  Manifest manifest_;
};

TEST_F(ManifestTest, AnUnchangedRunIsSound) {
  EXPECT_EQ(problem(), "");
  EXPECT_EQ(verify_run(run()).files, 7);
}

TEST_F(ManifestTest, AManifestThatListsLessThanARunHasIsNamed) {
  manifest_.stages.emplace_back().name = "train cf";
  write();
  EXPECT_THAT(problem(), testing::HasSubstr("models/cf/model.safetensors"));
  std::erase_if(manifest_.outputs, [](const OutputFile& file) { return file.path == "ids/items.tsv"; });
  write();
  EXPECT_THAT(problem(), testing::HasSubstr("ids/items.tsv"));
}

TEST_F(ManifestTest, ALinkAboveAFileIsDamageToo) {
  std::filesystem::rename(run() / "ids", run() / "elsewhere");
  std::filesystem::create_directory_symlink("elsewhere", run() / "ids");
  EXPECT_THAT(problem(), testing::HasSubstr("ids is a symbolic link"));
}

TEST_F(ManifestTest, AChangedByteAChangedLengthAndAMissingFileAreNamed) {
  engine::write_file(run() / "report.md", "jello");
  EXPECT_THAT(problem(), testing::HasSubstr("report.md does not have the sha256"));
  engine::write_file(run() / "report.md", "hello there");
  EXPECT_THAT(problem(), testing::HasSubstr("report.md has 11 bytes, not 5"));
  std::filesystem::remove(run() / "report.md");
  EXPECT_THAT(problem(), testing::HasSubstr("report.md is missing"));
}

TEST_F(ManifestTest, APathThatLeavesTheRunIsRefused) {
  for (const char* path : {"../report.md", "/etc/hostname", "a/../../b", ""}) {
    manifest_.outputs[1].path = path;
    write();
    EXPECT_THAT(problem(), testing::HasSubstr("leaves the run's folder")) << path;
  }
}

TEST_F(ManifestTest, ALinkInPlaceOfAFileIsRefused) {
  std::filesystem::remove(run() / "report.md");
  std::filesystem::create_symlink("/etc/hostname", run() / "report.md");
  EXPECT_THAT(problem(), testing::HasSubstr("symbolic link"));
}

TEST_F(ManifestTest, BrokenAndNewerManifestsAreRefused) {
  engine::write_file(run() / "manifest.json", "{");
  EXPECT_THAT(problem(), testing::HasSubstr("not a manifest"));
  engine::write_file(run() / "manifest.json", R"({"schema_version": 99})");
  EXPECT_THAT(problem(), testing::HasSubstr("newer than this program"));
}

}  // namespace
}  // namespace matinee::host
