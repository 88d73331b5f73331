#pragma once

#include <string>
#include <vector>

namespace matinee::engine {

// What is known of the items, by item index, UTF-8. Each column is empty or has one entry per item; an unknown entry is
// an empty string.
struct Catalogue {
  std::vector<std::string> titles;     // as in the file, year included
  std::vector<std::string> genres;     // joined by '|'
  std::vector<std::string> directors;  // joined by '|'
};

}  // namespace matinee::engine
