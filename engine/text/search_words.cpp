#include "engine/text/search_words.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/text/letters.h"
#include "engine/text/split_words.h"

namespace matinee::engine {
namespace {

struct WrittenOut {
  uint32_t letter;
  std::string_view text;
};
// Small letters that people type otherwise, though Unicode does not take them apart.
constexpr auto kWrittenOut = std::to_array<WrittenOut>({{0xE6, "ae"},
                                                        {0xF0, "d"},
                                                        {0xF8, "o"},
                                                        {0xFE, "th"},
                                                        {0x111, "d"},
                                                        {0x127, "h"},
                                                        {0x131, "i"},
                                                        {0x133, "ij"},
                                                        {0x138, "k"},
                                                        {0x142, "l"},
                                                        {0x14B, "n"},
                                                        {0x153, "oe"},
                                                        {0x167, "t"}});

}  // namespace

std::string folded_word(std::string_view word) {
  const std::string parts = taken_apart(word);
  std::string folded;
  for (std::string_view rest = parts; !rest.empty();) {
    const std::string_view before = rest;
    const uint32_t code = take_code_point(rest);
    if (is_accent(code)) continue;
    const auto found = std::ranges::find(kWrittenOut, code, &WrittenOut::letter);
    folded += found != kWrittenOut.end() ? found->text : before.substr(0, before.size() - rest.size());
  }
  compose(folded);
  return folded;
}

std::vector<std::string> search_words(std::string_view text) {
  std::vector<std::string> words;
  WordSplitter splitter;
  splitter.start(text);
  for (std::string_view word; splitter.next(word);) {
    while (!word.empty()) {
      const std::size_t apostrophe = std::min(word.find('\''), word.size());
      if (apostrophe > 0) words.push_back(folded_word(word.substr(0, apostrophe)));
      word.remove_prefix(std::min(apostrophe + 1, word.size()));
    }
  }
  return words;
}

}  // namespace matinee::engine
