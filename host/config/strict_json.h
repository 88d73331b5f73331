#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/config/json.h"

namespace matinee::host {

// A key that stands twice in one object.
struct DuplicateKey {
  std::string pointer;
  std::size_t first_line, line;
};

// RFC 8259 read strictly: no comments, no trailing commas, no NaN, and duplicate keys are told.
struct StrictJson {
  Json root;
  std::map<std::string, std::size_t> offsets;  // JSON pointer -> byte in the text
  std::vector<DuplicateKey> duplicates;        // of each, the first value is in `root`
  std::string problem;                         // of syntax, "LINE:COLUMN: what"; empty: none, else the rest is void
};

StrictJson parse_strict_json(std::string_view text);

}  // namespace matinee::host
