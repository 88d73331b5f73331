#include "host/config/suggestions.h"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace matinee::host {
namespace {

char folded(char letter) {
  return letter == '-' ? '_' : static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
}

}  // namespace

int edit_distance(std::string_view a, std::string_view b) {
  std::vector<int> before(b.size() + 1), previous(b.size() + 1), current(b.size() + 1);  // rows of a
  for (std::size_t j = 0; j <= b.size(); ++j) current[j] = static_cast<int>(j);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    before.swap(previous);
    previous.swap(current);
    current[0] = static_cast<int>(i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool equal = folded(a[i - 1]) == folded(b[j - 1]);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, previous[j - 1] + (equal ? 0 : 1)});
      if (i > 1 && j > 1 && folded(a[i - 1]) == folded(b[j - 2]) && folded(a[i - 2]) == folded(b[j - 1])) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
  }
  return current[b.size()];
}

std::string_view nearest_name(std::string_view name, std::span<const std::string> known) {
  constexpr std::size_t kLongest = 100;
  if (name.empty() || name.size() > kLongest) return {};
  int nearest = std::max(1, static_cast<int>(name.size()) / 3) + 1;
  std::string_view found;
  for (const std::string& candidate : known) {
    const int distance = edit_distance(name, candidate);
    if (distance < nearest && distance < static_cast<int>(candidate.size())) {
      nearest = distance;
      found = candidate;
    }
  }
  return found;
}

std::string suggestion(std::string_view name, std::span<const std::string> known) {
  const std::string_view near = nearest_name(name, known);
  if (!near.empty()) return fmt::format("did you mean \"{}\"?", near);
  if (known.empty()) return "none is known here";
  return fmt::format("known: {}", fmt::join(known, ", "));
}

}  // namespace matinee::host
