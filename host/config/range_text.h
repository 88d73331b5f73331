#pragma once

#include <limits>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "engine/parameters.h"

namespace matinee::host {

// "1 to 4096", "above 0, at most 1", "at least 0", "1" or, where there is no limit, nothing.
template <typename T>
std::string range_text(const engine::Range<T>& range) {
  const bool from = range.minimum > std::numeric_limits<T>::lowest();
  const bool to = range.maximum < std::numeric_limits<T>::max();
  if (from && to && range.minimum == range.maximum) return fmt::format("{}", range.minimum);
  if (from && to && range.above_minimum) return fmt::format("above {}, at most {}", range.minimum, range.maximum);
  if (from && to) return fmt::format("{} to {}", range.minimum, range.maximum);
  if (from) return fmt::format("{} {}", range.above_minimum ? "above" : "at least", range.minimum);
  if (to) return fmt::format("at most {}", range.maximum);
  return "";
}

template <typename T>
std::string range_text(const engine::Range<T>& range, std::string_view unit) {
  std::string text = range_text(range);
  if (!text.empty() && !unit.empty()) text += fmt::format(" {}", unit);
  return text;
}

// NaN is in no range.
template <typename T>
bool in_range(T value, const engine::Range<T>& range) {
  return (range.above_minimum ? value > range.minimum : value >= range.minimum) && value <= range.maximum;
}

}  // namespace matinee::host
