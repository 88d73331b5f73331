#pragma once

#include <string_view>

namespace matinee::engine {

// Whether `word` (UTF-8, apostrophes as ') is one of the English stop words of NLTK, whatever its case.
bool is_english_stop_word(std::string_view word);

}  // namespace matinee::engine
