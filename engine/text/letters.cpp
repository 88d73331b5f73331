#include "engine/text/letters.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <new>

#include <utf8proc.h>

namespace matinee::engine {
namespace {

// Combining classes below it are those of marks that make another letter: nuktas, voiced kana, viramas, vowel signs.
constexpr int kFirstAccentClass = 10;
constexpr uint32_t kFirstMark = 0x300;  // below it, nothing composes or decomposes by being beside something else

bool is_ascii_word_character(uint32_t code) {
  return (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
}

// Soft hyphens and joiners: invisible, no part of what is written.
bool is_ignored(uint32_t code) {
  return code == 0xAD || code == 0x200C || code == 0x200D || code == 0x2060 || code == 0xFEFF;
}

LetterKind kind_of_category(utf8proc_category_t category) {
  switch (category) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return LetterKind::kMark;
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_ND:
    case UTF8PROC_CATEGORY_NL:
    case UTF8PROC_CATEGORY_NO:
    case UTF8PROC_CATEGORY_CN:  // letters of a later Unicode than the library's
      return LetterKind::kWord;
    default:
      return LetterKind::kSeparator;
  }
}

// The text itself where it is no well-formed UTF-8.
std::string mapped(std::string_view text, int options) {
  utf8proc_uint8_t* result = nullptr;
  const auto length =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &result, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | options));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(result, &std::free);
  if (length == UTF8PROC_ERROR_NOMEM) throw std::bad_alloc();
  if (length < 0) return std::string(text);
  return {reinterpret_cast<const char*>(result), static_cast<std::size_t>(length)};
}

}  // namespace

LetterKind letter_kind(uint32_t code) {
  if (code < 0x80) {
    if (is_ascii_word_character(code)) return LetterKind::kWord;
    return code == '\'' ? LetterKind::kApostrophe : LetterKind::kSeparator;
  }
  if (code == 0x2019) return LetterKind::kApostrophe;
  if (is_ignored(code)) return LetterKind::kIgnored;
  return kind_of_category(utf8proc_category(static_cast<utf8proc_int32_t>(code)));
}

bool may_compose(uint32_t code) {
  if (code < kFirstMark) return false;
  const utf8proc_property_t& property = *utf8proc_get_property(static_cast<utf8proc_int32_t>(code));
  const bool hangul_vowel_or_tail = code >= 0x1160 && code <= 0x11FF;
  return property.combining_class != 0 || hangul_vowel_or_tail ||
         (property.decomp_type == 0 && property.decomp_seqindex != UINT16_MAX) ||
         letter_kind(code) == LetterKind::kMark;
}

bool is_accent(uint32_t code) {
  const bool variation = (code >= 0xFE00 && code <= 0xFE0F) || (code >= 0xE0100 && code <= 0xE01EF);
  return variation || utf8proc_get_property(static_cast<utf8proc_int32_t>(code))->combining_class >= kFirstAccentClass;
}

void compose(std::string& text) {
  text = mapped(text, UTF8PROC_COMPOSE);
}

std::string taken_apart(std::string_view text) {
  return mapped(text, UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD);
}

uint32_t take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t index) -> uint32_t {
    return index < text.size() ? static_cast<uint8_t>(text[index]) : uint32_t{0x80};
  };
  const uint32_t first = byte(0);
  std::size_t length = 1;
  uint32_t code = first;
  if (first >= 0xF0) {
    length = 4;
    code = (first & 0x07) << 18 | (byte(1) & 0x3F) << 12 | (byte(2) & 0x3F) << 6 | (byte(3) & 0x3F);
  } else if (first >= 0xE0) {
    length = 3;
    code = (first & 0x0F) << 12 | (byte(1) & 0x3F) << 6 | (byte(2) & 0x3F);
  } else if (first >= 0x80) {
    length = 2;
    code = (first & 0x1F) << 6 | (byte(1) & 0x3F);
  }
  text.remove_prefix(std::min(length, text.size()));
  return code;
}

}  // namespace matinee::engine
