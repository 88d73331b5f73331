#include "engine/artifacts/mapped_file.h"

#include <gmock/gmock.h>

#include "engine/artifacts/safetensors.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::engine {
namespace {

using testing::HasSubstr;

class MappedFileTest : public testing::Test {
 protected:
  std::filesystem::path path() const { return folder_.path() / "file"; }
  test::TemporaryFolder folder_;
};

TEST_F(MappedFileTest, HoldsTheBytesAndKeepsThemWhenTheFileIsReplaced) {
  for (const std::string& text : {std::string(), std::string("x"), std::string(10000, 'y')}) {
    test::write_text(path(), text);
    const MappedFile file(path());
    EXPECT_EQ(file.bytes(), text);
    const MappedFile copy = file;
    std::filesystem::remove(path());
    test::write_text(path(), "other");
    EXPECT_EQ(copy.bytes(), text);
  }
  EXPECT_EQ(MappedFile().bytes(), "");
}

TEST_F(MappedFileTest, WhatCannotBeReadIsNamed) {
  const auto error = [](const std::filesystem::path& path) {
    return test::error_of(ErrorKind::kArtifact, [&] { MappedFile file(path); });
  };
  EXPECT_THAT(error(path()), HasSubstr("file: cannot be opened: No such file"));
  EXPECT_THAT(error(folder_.path()), HasSubstr("it is a folder"));
}

TEST_F(MappedFileTest, TensorsBehindAHeaderOfOddLengthAreAlignedAllTheSame) {
  const double value = 2.5;
  std::string header = R"({"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}})";
  for (int spaces = 0; spaces < 9; ++spaces) {
    const uint64_t length = header.size();
    std::string bytes(reinterpret_cast<const char*>(&length), sizeof length);
    bytes += header;
    bytes.append(reinterpret_cast<const char*>(&value), sizeof value);
    test::write_text(path(), bytes);
    const TensorFile file = TensorFile::read(path());
    const TensorFile copy = file;
    EXPECT_EQ(copy.get<double>("a", {1})[0], value);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(file.get<double>("a").data()) % alignof(double), 0U);
    header += ' ';
  }
}

}  // namespace
}  // namespace matinee::engine
