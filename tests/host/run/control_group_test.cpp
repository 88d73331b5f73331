#include "host/run/control_group.h"

#include <gtest/gtest.h>

#include "engine/artifacts/file_writer.h"
#include "tests/support/temporary_folder.h"

namespace matinee::host {
namespace {

namespace fs = std::filesystem;

class ControlGroup : public testing::Test {
 protected:
  void write(const fs::path& path, std::string_view text) const {
    fs::create_directories((folder_.path() / path).parent_path());
    engine::write_file(folder_.path() / path, text);
  }
  int64_t bytes() const { return control_group_bytes(folder_.path() / "membership", folder_.path() / "root"); }
  test::TemporaryFolder folder_;
};

TEST_F(ControlGroup, WithoutAnyThereIsNoLimit) {
  EXPECT_EQ(bytes(), INT64_MAX);
  write("membership", "0::/\n");
  EXPECT_EQ(bytes(), INT64_MAX);
}

TEST_F(ControlGroup, OfVersion2TheTightestOfAllLevelsCounts) {
  write("membership", "0::/outer/inner\n");
  write("root/outer/memory.max", "1000\n");
  write("root/outer/memory.current", "700\n");
  write("root/outer/inner/memory.max", "max\n");
  write("root/outer/inner/memory.current", "600\n");
  EXPECT_EQ(bytes(), 300);
  write("root/outer/inner/memory.max", "650\n");
  EXPECT_EQ(bytes(), 50);
}

TEST_F(ControlGroup, OfVersion1TheMemoryControllerCounts) {
  write("membership", "5:cpu,cpuacct:/a\n4:memory:/a\n0::/\n");
  write("root/memory/a/memory.limit_in_bytes", "5000\n");
  write("root/memory/a/memory.usage_in_bytes", "4000\n");
  EXPECT_EQ(bytes(), 1000);
}

TEST_F(ControlGroup, PageCacheThatWouldBeDroppedIsFree) {
  write("membership", "0::/\n");
  write("root/memory.max", "1000\n");
  write("root/memory.current", "900\n");
  write("root/memory.stat", "anon 300\nfile 600\ninactive_file 400\n");
  EXPECT_EQ(bytes(), 500);
}

TEST_F(ControlGroup, WhatIsUsedBeyondTheLimitLeavesNothing) {
  write("membership", "0::/\n");
  write("root/memory.max", "1000\n");
  write("root/memory.current", "1200\n");
  EXPECT_EQ(bytes(), 0);
}

}  // namespace
}  // namespace matinee::host
