#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/data/catalogue.h"
#include "engine/data/id_map.h"
#include "engine/data/ratings.h"

namespace matinee::engine {

struct InputFile {
  std::string path;
  std::string sha256;  // of the bytes on disk
  int64_t bytes = 0;
};

// Everything that was read: ratings with dense indices, the external ids behind them, what is known of the items.
struct Dataset {
  Ratings ratings;
  IdMap users;
  IdMap items;
  Catalogue catalogue;
  std::vector<InputFile> inputs;
  std::vector<std::string> notes;  // what a user should know: duplicates merged, titles without ratings …
};

}  // namespace matinee::engine
