#pragma once

#include <string>
#include <utility>
#include <vector>

namespace matinee::host {

// A word or a director, and those of the most similar vectors: best first, with cosines.
struct NearestNames {
  std::string name;
  std::vector<std::pair<std::string, double>> nearest;
};

}  // namespace matinee::host
