#include "host/report/axis.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include <fmt/format.h>

namespace matinee::host {
namespace {

constexpr double kLargest = 1e300;         // beyond, differences would overflow
constexpr double kSmallestSpread = 1e-10;  // of the magnitude; below, values count as equal

// The smallest of 1, 2, 5 times a power of ten that is at least `rough`.
double round_step(double rough) {
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough * (1 - 1e-12)) return factor * power;
  }
  return 10 * power;
}

void add_ticks(Axis& axis) {
  const double first = std::ceil(axis.minimum / axis.step - 1e-9);
  const double last = std::floor(axis.maximum / axis.step + 1e-9);
  const auto count = static_cast<int64_t>(last - first) + 1;
  for (int64_t n = 0; n < count; ++n) {
    const double tick = (first + static_cast<double>(n)) * axis.step;
    axis.ticks.push_back(tick == 0 ? 0.0 : tick);  // no -0
  }
}

}  // namespace

std::string Axis::label(double tick) const {
  const double magnitude = std::max(std::abs(minimum), std::abs(maximum));
  if (magnitude >= 1e6 || step < 1e-6) return fmt::format("{:.4g}", tick);
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  return fmt::format("{:.{}f}", tick, decimals);
}

Axis value_axis(double lowest, double highest, int ticks) {
  lowest = std::clamp(lowest, -kLargest, kLargest);
  highest = std::clamp(highest, -kLargest, kLargest);
  const double magnitude = std::max(std::abs(lowest), std::abs(highest));
  if (highest - lowest <= magnitude * kSmallestSpread) {
    const double room = magnitude > 0 ? magnitude / 10 : 1;
    lowest -= room;
    highest += room;
  }
  Axis axis;
  axis.step = round_step((highest - lowest) / ticks);
  axis.minimum = std::floor(lowest / axis.step + 1e-9) * axis.step;
  axis.maximum = std::ceil(highest / axis.step - 1e-9) * axis.step;
  add_ticks(axis);
  return axis;
}

Axis whole_axis(double lowest, double highest, int ticks) {
  Axis axis;
  axis.minimum = highest > lowest ? lowest : lowest - 1;
  axis.maximum = highest > lowest ? highest : highest + 1;
  axis.step = std::max(1.0, round_step((axis.maximum - axis.minimum) / ticks));
  add_ticks(axis);
  return axis;
}

}  // namespace matinee::host
