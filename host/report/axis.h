#pragma once

#include <string>
#include <vector>

namespace matinee::host {

// The scale of one axis of a chart: a range and round numbers (1, 2 or 5 times a power of ten apart) within it.
struct Axis {
  double minimum = 0, maximum = 1;  // minimum < maximum
  double step = 1;
  std::vector<double> ticks;  // rising, at least one

  // Where `value` lies: 0 at the minimum, 1 at the maximum.
  double share(double value) const { return (value / 2 - minimum / 2) / (maximum / 2 - minimum / 2); }
  // The text of a tick, with as many decimals as the step needs.
  std::string label(double tick) const;
};

// An axis that holds the finite values lowest .. highest and begins and ends at a tick, with about `ticks` of them. One
// value alone is given room on both sides.
Axis value_axis(double lowest, double highest, int ticks);
// An axis from lowest to highest exactly, with ticks at whole numbers: epochs, list lengths.
Axis whole_axis(double lowest, double highest, int ticks);

}  // namespace matinee::host
