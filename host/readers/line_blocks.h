#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "host/readers/byte_source.h"

namespace matinee::host {

// A text file in blocks of whole lines, so that blocks can be parsed independently. A byte order mark is taken off;
// the last line may lack its line end.
class LineBlocks {
 public:
  static constexpr std::size_t kBlockBytes = std::size_t{1} << 22;
  static constexpr std::size_t kLongestLine = std::size_t{1} << 26;

  explicit LineBlocks(const std::filesystem::path& path, std::size_t block_bytes = kBlockBytes)
      : source_(path), path_(path.string()), block_bytes_(block_bytes) {}

  // The next block, about block_bytes long and longer where one line is; false at the end.
  bool next(std::string& block);

  const std::string& path() const { return path_; }
  const ByteSource& source() const { return source_; }
  engine::InputFile input() { return source_.input(); }  // only after next() returned false

 private:
  void refuse_lone_carriage_returns(std::string_view begun) const;

  ByteSource source_;
  std::string path_;
  std::size_t block_bytes_;
  std::string carry_;  // the begun line after the last block
  bool first_ = true, ended_ = false;
};

// Takes the next line off `text`, without its line end (LF or CRLF). False where nothing is left.
bool take_line(std::string_view& text, std::string_view& line);

}  // namespace matinee::host
