#include "engine/models/fusion_ratio.h"

#include <charconv>

#include <fmt/format.h>

namespace matinee::engine {
namespace {

constexpr double kGreatestPart = 1e6;

std::optional<double> parse_part(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || !(value >= 0 && value <= kGreatestPart) || text.front() == '-') return std::nullopt;
  return value;
}

}  // namespace

std::optional<similarity::FusionRatio> parse_ratio(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return std::nullopt;
  const auto first = parse_part(text.substr(0, colon)), second = parse_part(text.substr(colon + 1));
  if (!first || !second || *first + *second == 0) return std::nullopt;
  return similarity::FusionRatio{*first, *second};
}

std::string ratio_problem(std::string_view text) {
  return fmt::format(
      "\"{}\" is no ratio: give two numbers from 0 to 1000000 with a colon between, not both 0, such as "
      "\"7:1\"",
      text);
}

}  // namespace matinee::engine
