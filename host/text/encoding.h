#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace matinee::host {

// Bytes of the sequence of well-formed UTF-8 at the front of `text`, which is not empty; 0 where there is none.
std::size_t utf8_sequence_length(std::string_view text);

// Whether `text` is well-formed UTF-8 (Unicode 15, table 3-7: no overlong forms, no surrogates).
bool is_utf8(std::string_view text);

std::string latin1_to_utf8(std::string_view text);

}  // namespace matinee::host
