#include "host/readers/line_blocks.h"

#include <gtest/gtest.h>

#include "engine/artifacts/sha256.h"
#include "tests/support/random_seed.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

std::vector<std::string> blocks_of(const std::filesystem::path& path, std::size_t block_bytes) {
  LineBlocks lines(path, block_bytes);
  std::vector<std::string> blocks;
  std::string block;
  while (lines.next(block)) blocks.push_back(block);
  EXPECT_EQ(lines.input().sha256, engine::sha256_of_file(path));
  EXPECT_EQ(lines.input().bytes, static_cast<int64_t>(std::filesystem::file_size(path)));
  return blocks;
}

std::string joined(const std::vector<std::string>& blocks) {
  std::string all;
  for (const std::string& block : blocks) all += block;
  return all;
}

// Lines of 0 .. 60 letters; every other text lacks the last line end.
std::string random_lines(std::size_t lines, bool ended) {
  uint64_t state = test::random_seed() | 1;
  std::string text;
  for (std::size_t line = 0; line < lines; ++line) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    text.append((state >> 33) % 61, static_cast<char>('a' + (state >> 40) % 26));
    text += '\n';
  }
  if (!ended) text += "end";
  return text;
}

TEST(LineBlocks, HoldWholeLinesAndLoseNothingWhateverTheBlockSize) {
  const test::TemporaryFolder folder;
  for (const std::size_t lines : {std::size_t{0}, std::size_t{1}, std::size_t{33}, std::size_t{3000}}) {
    for (const bool ended : {true, false}) {
      const std::string text = random_lines(lines, ended);
      test::write_text(folder / "plain", text);
      test::write_text(folder / "packed.gz", test::gzipped(text));
      for (const std::size_t block_bytes : {std::size_t{1}, std::size_t{7}, std::size_t{131}, std::size_t{1} << 20}) {
        for (const char* name : {"plain", "packed.gz"}) {
          const auto blocks = blocks_of(folder / name, block_bytes);
          EXPECT_EQ(joined(blocks), text);
          for (std::size_t b = 0; b + 1 < blocks.size(); ++b) EXPECT_EQ(blocks[b].back(), '\n');
        }
      }
    }
  }
}

TEST(LineBlocks, TakeAByteOrderMarkOffTheFrontOnly) {
  const test::TemporaryFolder folder;
  test::write_text(folder / "marked", "\xEF\xBB\xBFone\n\xEF\xBB\xBFtwo\n");
  EXPECT_EQ(joined(blocks_of(folder / "marked", 1)), "one\n\xEF\xBB\xBFtwo\n");
}

TEST(LineBlocks, LinesEndInLfOrCrlf) {
  std::string_view text = "a\r\n\r\nb\nc\r", line;
  std::vector<std::string> lines;
  while (take_line(text, line)) lines.emplace_back(line);
  EXPECT_EQ(lines, (std::vector<std::string>{"a", "", "b", "c"}));
}

TEST(ByteSource, ReadsGzipMembersOneAfterTheOtherAndZeroPadding) {
  const test::TemporaryFolder folder;
  test::write_text(folder / "two.gz",
                   test::gzipped("one\n") + test::gzipped("") + test::gzipped("two\n") + std::string(1000, '\0'));
  EXPECT_EQ(joined(blocks_of(folder / "two.gz", 100)), "one\ntwo\n");
}

TEST(ByteSource, KnowsGzipByItsFirstBytesToo) {
  const test::TemporaryFolder folder;
  test::write_text(folder / "unnamed", test::gzipped("one\n"));
  EXPECT_EQ(joined(blocks_of(folder / "unnamed", 100)), "one\n");
}

TEST(ByteSource, EveryTruncationOfGzipIsAnError) {
  const test::TemporaryFolder folder;
  const std::string packed = test::gzipped(random_lines(40, true));
  for (std::size_t length = 2; length < packed.size(); length += 1 + packed.size() / 97) {
    test::write_text(folder / "cut.gz", packed.substr(0, length));
    const std::string message = test::error_of(ErrorKind::kInput, [&] { blocks_of(folder / "cut.gz", 64); });
    EXPECT_NE(message.find("cut.gz: the gzip data ends early"), std::string::npos) << length << ": " << message;
  }
}

TEST(ByteSource, CorruptGzipIsAnError) {
  const test::TemporaryFolder folder;
  std::string packed = test::gzipped(random_lines(3000, true));
  packed[packed.size() - 6] ^= 1;  // the checksum
  test::write_text(folder / "bad.gz", packed);
  std::string message = test::error_of(ErrorKind::kInput, [&] { blocks_of(folder / "bad.gz", 64); });
  EXPECT_NE(message.find("bad.gz: the gzip data is corrupt"), std::string::npos) << message;
  test::write_text(folder / "tail.gz", test::gzipped("one\n") + "rubbish");
  message = test::error_of(ErrorKind::kInput, [&] { blocks_of(folder / "tail.gz", 64); });
  EXPECT_NE(message.find("tail.gz: the gzip data is corrupt"), std::string::npos) << message;
  test::write_text(folder / "text.gz", "1,2,3\n");
  message = test::error_of(ErrorKind::kInput, [&] { blocks_of(folder / "text.gz", 64); });
  EXPECT_NE(message.find("is not gzip data"), std::string::npos) << message;
}

TEST(ByteSource, AMissingFileAndAFolderAreErrors) {
  const test::TemporaryFolder folder;
  std::string message = test::error_of(ErrorKind::kInput, [&] { ByteSource(folder / "none"); });
  EXPECT_NE(message.find("none: cannot be opened: No such file"), std::string::npos) << message;
  message = test::error_of(ErrorKind::kInput, [&] { ByteSource{folder.path()}; });
  EXPECT_NE(message.find("is a folder"), std::string::npos) << message;
}

}  // namespace
}  // namespace matinee::host
