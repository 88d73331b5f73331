#pragma once

#include <cstdint>
#include <string>
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

// By its general category in the Unicode of the library utf8proc.
LetterKind letter_kind(uint32_t code_point);

// Whether a text with this code point may have another canonical form, in which it is one with what stands before it
// or is written by another code point.
bool may_compose(uint32_t code_point);

// Whether it is a combining mark that may be left out: an accent or a vowel point, no vowel sign of an Indic script.
bool is_accent(uint32_t code_point);

// Without case, each accent behind its letter (Unicode's case folding and normalisation form D). Of well-formed UTF-8.
std::string taken_apart(std::string_view text);

// To Unicode's normalisation form C: an e and an acute accent become é. Of well-formed UTF-8.
void compose(std::string& text);

// Takes the first code point off `text`, which is well-formed UTF-8 and not empty.
uint32_t take_code_point(std::string_view& text);

}  // namespace matinee::engine
