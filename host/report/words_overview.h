#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/report/nearest_names.h"

namespace matinee::host {

// What a report shows of the words that a model has learnt.
struct WordsOverview {
  struct Point {
    std::string word;
    int64_t count;
    double x, y;  // engine/text/word_map.h
  };
  int64_t documents = 0, words = 0, vocabulary = 0, dimensions = 0;
  std::vector<std::string> notes;
  double x_share = 0, y_share = 0;  // of the variance of the points, 0 … 1
  std::vector<Point> points;        // by falling count
  std::vector<NearestNames> neighbours;
};

}  // namespace matinee::host
