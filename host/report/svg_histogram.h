#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace matinee::host {

struct HistogramBin {
  std::string label;
  int64_t count;  // not negative
};

struct Histogram {
  std::string id, title;
  std::string horizontal;          // what the bins are: "rating"
  std::vector<HistogramBin> bins;  // at least one
};

// Vertical bars, one a bin, with a scale of counts; of many bins only some have their label.
std::string svg_histogram(const Histogram& histogram);

}  // namespace matinee::host
