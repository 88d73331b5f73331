#pragma once

#include <exception>
#include <string>

namespace matinee::host {

// What a JSON library says, without its own numbering in front: "[json.exception.parse_error.101] parse error at line
// 1, column 2: …" -> "parse error at line 1, column 2: …".
std::string json_problem(const std::exception& error);

}  // namespace matinee::host
