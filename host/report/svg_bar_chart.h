#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace matinee::host {

struct Bar {
  std::string name;
  std::size_t colour;  // for colour_class()
  double value;        // finite
  bool best = false;
};

struct BarChart {
  std::string id, title;
  std::vector<Bar> bars;  // at least one
};

// Horizontal bars from zero, each with its name before and its value behind it.
std::string svg_bar_chart(const BarChart& chart);

}  // namespace matinee::host
