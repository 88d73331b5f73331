#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace matinee::engine {

// A word as a search compares it: lower case, Latin, Greek and Cyrillic letters without their diacritics, ligatures and
// "ß" written out: "Amélie" and "AMELIE" are amelie, "Ænima" is aenima. Letters of other scripts stay as they are.
// `word` is well-formed UTF-8.
std::string folded_word(std::string_view word);

// The words of `text` (split_words.h), parted at apostrophes and folded: "L'Avventura" has l and avventura,
// "Schindler's" has schindler and s. Titles and queries go through the same.
std::vector<std::string> search_words(std::string_view text);

}  // namespace matinee::engine
