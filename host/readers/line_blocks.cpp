#include "host/readers/line_blocks.h"

#include <algorithm>
#include <cstring>

#include "kernels/support/error.h"

namespace matinee::host {

// Where lines end in CR only, the whole file would be one line.
void LineBlocks::refuse_lone_carriage_returns(std::string_view begun) const {
  const std::size_t carriage_return = begun.find('\r');
  if (!first_ || carriage_return == std::string_view::npos || carriage_return + 1 == begun.size()) return;
  if (begun.find('\n') != std::string_view::npos) return;
  fail(ErrorKind::kInput,
       "{}:1: the lines end in carriage returns (CR) only: convert the file to line feeds, as by tr '\\r' '\\n'",
       path_);
}

bool LineBlocks::next(std::string& block) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  block.swap(carry_);
  carry_.clear();
  std::size_t line_begin = std::string::npos;  // of the begun line
  while (!ended_ && line_begin == std::string::npos) {
    const std::size_t filled = block.size();
    const std::size_t wanted = std::max(block_bytes_, filled + 1) - filled + (filled < block_bytes_ ? 0 : block_bytes_);
    block.resize(filled + wanted);
    const std::size_t got = source_.read(block.data() + filled, wanted);
    block.resize(filled + got);
    ended_ = got < wanted;
    refuse_lone_carriage_returns(block);
    const std::size_t last_end = block.rfind('\n');
    if (last_end != std::string::npos) line_begin = last_end + 1;
    if (block.size() - (line_begin == std::string::npos ? 0 : line_begin) > kLongestLine) {
      fail(ErrorKind::kInput, "{}: a line is longer than {} MiB: is this a text file with line ends?", path_,
           kLongestLine >> 20);
    }
  }
  if (!ended_) {
    carry_.assign(block, line_begin);
    block.resize(line_begin);
  }
  if (first_ && block.starts_with(kByteOrderMark)) block.erase(0, kByteOrderMark.size());
  first_ = false;
  return !block.empty();
}

bool take_line(std::string_view& text, std::string_view& line) {
  if (text.empty()) return false;
  const void* end = std::memchr(text.data(), '\n', text.size());
  const std::size_t length =
      end == nullptr ? text.size() : static_cast<std::size_t>(static_cast<const char*>(end) - text.data());
  line = text.substr(0, length);
  text.remove_prefix(end == nullptr ? length : length + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return true;
}

}  // namespace matinee::host
