#include "host/config/config_errors.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "kernels/support/error.h"

namespace matinee::host {
namespace {

// The byte of the value, or of the nearest group around it that stands in the file.
std::size_t offset_of(const JobDocument& document, std::string_view pointer) {
  for (;;) {
    const auto place = document.offsets.find(std::string(pointer));
    if (place != document.offsets.end()) return place->second;
    if (pointer.empty()) return 0;
    pointer = pointer.substr(0, pointer.rfind('/'));
  }
}

}  // namespace

void ConfigErrors::add(std::string_view pointer, std::string_view problem) {
  const Setting* setting = document_.setting_of(pointer);
  constexpr std::size_t kAfterFile = std::size_t{1} << 40U;
  const std::size_t order = setting == nullptr
                                ? offset_of(document_, pointer)
                                : kAfterFile + static_cast<std::size_t>(setting - document_.settings.data());
  const std::string_view source = setting == nullptr ? document_.file : setting->shown;
  entries_.push_back(
      {std::string(pointer),
       pointer.empty() ? fmt::format("{}: {}", source, problem) : fmt::format("{}: {}: {}", source, pointer, problem),
       order});
}

bool ConfigErrors::has_at_or_above(std::string_view pointer) const {
  return std::ranges::any_of(entries_, [&](const Entry& entry) { return lies_within(pointer, entry.pointer); });
}

bool ConfigErrors::has_within(std::string_view pointer) const {
  return std::ranges::any_of(entries_, [&](const Entry& entry) { return lies_within(entry.pointer, pointer); });
}

void ConfigErrors::add_setting(std::string_view setting, std::string_view problem) {
  // No value's pointer, not even that of the whole job: it is not known what the setting was meant for.
  entries_.push_back({"\n", fmt::format("{}: {}", setting, problem), std::numeric_limits<std::size_t>::max()});
}

void ConfigErrors::throw_if_any() const {
  if (entries_.empty()) return;
  std::vector<Entry> sorted = entries_;
  std::ranges::stable_sort(sorted, {}, &Entry::order);
  std::vector<std::string> lines;
  for (Entry& entry : sorted) lines.push_back(std::move(entry.line));
  throw Error(ErrorKind::kConfig, fmt::format("{}", fmt::join(lines, "\n")));
}

}  // namespace matinee::host
