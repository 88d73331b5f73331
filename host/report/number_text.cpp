#include "host/report/number_text.h"

#include <array>
#include <cctype>
#include <cmath>

#include <fmt/format.h>

namespace matinee::host {
namespace {

constexpr std::array<std::string_view, 6> kAbbreviations = {"rmse", "mae", "ndcg", "ils", "auc", "mrr"};

char upper(char letter) {
  return static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
}

}  // namespace

std::string metric_text(double value) {
  if (std::abs(value) >= 1e6) return fmt::format("{:.4e}", value);
  std::string text = fmt::format("{:.4f}", value);
  return text == "-0.0000" ? "0.0000" : text;
}

std::string metric_text(double value, const std::optional<double>& deviation) {
  return deviation ? fmt::format("{} \u00b1 {}", metric_text(value), metric_text(*deviation)) : metric_text(value);
}

std::string difference_text(double value) {
  const std::string text = metric_text(std::abs(value));
  if (text == "0.0000") return text;
  return (value < 0 ? "\u2212" : "+") + text;
}

std::string count_text(int64_t count) {
  std::string text = fmt::format("{}", count);
  const std::size_t first = count < 0 ? 1 : 0;
  for (std::size_t place = text.size(); place > first + 3;) text.insert(place -= 3, 1, ',');
  return text;
}

std::string short_text(double value) {
  return fmt::format("{:.6g}", value);
}

std::string label_of(std::string_view name) {
  std::string label;
  while (!name.empty()) {
    const std::size_t end = name.find('_');
    std::string word(name.substr(0, end));
    name.remove_prefix(end == std::string_view::npos ? name.size() : end + 1);
    for (const std::string_view abbreviation : kAbbreviations) {
      if (word == abbreviation) {
        for (char& letter : word) letter = upper(letter);
      }
    }
    if (label.empty() && !word.empty()) word.front() = upper(word.front());
    label += (label.empty() ? "" : " ") + word;
  }
  return label;
}

}  // namespace matinee::host
