#include "engine/text/search_words.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/text/letters.h"
#include "engine/text/split_words.h"

namespace matinee::engine {
namespace {

// The base letters of code points in a row, from Unicode's decompositions; '.' where there is no single one.
constexpr std::string_view kLatin =
    "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.yaaaaaaccccccccddddeeeeeeeeeegggg"
    "gggghhhhiiiiiiiiii..jjkkkllllll..llnnnnnn.nnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
constexpr std::string_view kMoreLatin =
    "aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa..ooaaaaeeeeiiiioooorrrruuuusstt..hh";
constexpr std::string_view kAdditionalLatin =
    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr"
    "ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

struct LetterRow {
  uint32_t first;
  std::string_view bases;
};
constexpr auto kLetterRows =
    std::to_array<LetterRow>({{0xC0, kLatin}, {0x1CD, kMoreLatin}, {0x1E00, kAdditionalLatin}});

struct WrittenOut {
  uint32_t letter;
  std::string_view text;
};
constexpr auto kWrittenOut = std::to_array<WrittenOut>({{0xC6, "ae"},
                                                        {0xDE, "th"},
                                                        {0xDF, "ss"},
                                                        {0xE6, "ae"},
                                                        {0xFE, "th"},
                                                        {0x132, "ij"},
                                                        {0x133, "ij"},
                                                        {0x152, "oe"},
                                                        {0x153, "oe"},
                                                        {0x1E9E, "ss"}});

struct Replaced {
  uint32_t letter, base;
};
// Greek letters with tonos or dialytika and the final sigma; Cyrillic й and ё, which are often written without.
constexpr auto kReplaced = std::to_array<Replaced>(
    {{0x386, 0x3B1}, {0x388, 0x3B5}, {0x389, 0x3B7}, {0x38A, 0x3B9}, {0x38C, 0x3BF}, {0x38E, 0x3C5}, {0x38F, 0x3C9},
     {0x390, 0x3B9}, {0x3AA, 0x3B9}, {0x3AB, 0x3C5}, {0x3AC, 0x3B1}, {0x3AD, 0x3B5}, {0x3AE, 0x3B7}, {0x3AF, 0x3B9},
     {0x3B0, 0x3C5}, {0x3C2, 0x3C3}, {0x3CA, 0x3B9}, {0x3CB, 0x3C5}, {0x3CC, 0x3BF}, {0x3CD, 0x3C5}, {0x3CE, 0x3C9},
     {0x401, 0x435}, {0x419, 0x438}, {0x439, 0x438}, {0x451, 0x435}});

uint32_t lower(uint32_t code) {
  if (code >= 'A' && code <= 'Z') return code + 0x20;
  if (code >= 0x391 && code <= 0x3A9) return code + 0x20;
  if (code >= 0x410 && code <= 0x42F) return code + 0x20;
  if (code >= 0x400 && code <= 0x40F) return code + 0x50;
  const bool paired = (code >= 0x460 && code <= 0x481) || (code >= 0x48A && code <= 0x4BF);
  return paired && code % 2 == 0 ? code + 1 : code;
}

void append_code_point(std::string& text, uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else {  // what is folded lies below U+0800
    text += static_cast<char>(0xC0 | code >> 6);
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// Appends the letter without case and diacritics.
void append_folded(std::string& text, uint32_t code, std::string_view letter) {
  for (const LetterRow& row : kLetterRows) {
    if (code < row.first || code >= row.first + row.bases.size()) continue;
    if (const char base = row.bases[code - row.first]; base != '.') {
      text += base;
      return;
    }
  }
  if (const auto found = std::ranges::find(kWrittenOut, code, &WrittenOut::letter); found != kWrittenOut.end()) {
    text += found->text;
    return;
  }
  const auto replaced = std::ranges::find(kReplaced, code, &Replaced::letter);
  const uint32_t folded = replaced != kReplaced.end() ? replaced->base : lower(code);
  if (folded == code) {
    text += letter;
  } else {
    append_code_point(text, folded);
  }
}

}  // namespace

std::string folded_word(std::string_view word) {
  std::string folded;
  while (!word.empty()) {
    const std::string_view before = word;
    const uint32_t code = take_code_point(word);
    if (letter_kind(code) == LetterKind::kMark) continue;
    append_folded(folded, code, before.substr(0, before.size() - word.size()));
  }
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
