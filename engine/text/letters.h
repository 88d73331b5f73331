#pragma once

#include <cstdint>
#include <string_view>

namespace matinee::engine {

// What a code point is to a word.
enum class LetterKind {
  kWord,        // a letter or a number of any script: part of a word
  kMark,        // a combining mark: part of the word whose letter it stands on
  kApostrophe,  // ' and ’: part of a word between two of its letters
  kIgnored,     // a soft hyphen or a joiner: left out, and separates nothing
  kSeparator,   // punctuation, symbols, spaces, controls
};

LetterKind letter_kind(uint32_t code_point);

// Takes the first code point off `text`, which is well-formed UTF-8 and not empty.
uint32_t take_code_point(std::string_view& text);

}  // namespace matinee::engine
