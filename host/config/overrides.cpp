#include "host/config/overrides.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

#include "host/config/strict_json.h"
#include "host/text/encoding.h"

namespace matinee::host {
namespace {

std::vector<std::string> split_path(std::string_view path) {
  std::vector<std::string> keys;
  for (;;) {
    const std::size_t dot = path.find('.');
    keys.emplace_back(path.substr(0, dot));
    if (dot == std::string_view::npos) return keys;
    path.remove_prefix(dot + 1);
  }
}

std::optional<std::size_t> as_index(std::string_view key) {
  std::size_t index = 0;
  const auto parsed = std::from_chars(key.data(), key.data() + key.size(), index);
  if (parsed.ec != std::errc{} || parsed.ptr != key.data() + key.size()) return std::nullopt;
  return index;
}

// One step of the path. Returns what is wrong, or moves `value` and `pointer` on.
std::string descend(Json*& value, std::string& pointer, const std::string& key) {
  if (value->is_null()) *value = Json::object();
  if (value->is_array()) {
    const std::optional<std::size_t> index = as_index(key);
    if (!index || *index > value->size()) {
      return fmt::format("{} is a list of {}; name an element by its number, 0 to {}", pointer, value->size(),
                         value->size());
    }
    if (*index == value->size()) value->emplace_back();
    value = &(*value)[*index];
  } else if (value->is_object()) {
    value = &(*value)[key];
  } else {
    return fmt::format("{} is {}, no group that could hold \"{}\"", pointer, shown(*value), key);
  }
  pointer = child_pointer(pointer, key);
  return "";
}

// Applies one "a.b=VALUE". Returns what is wrong, or nothing.
std::string apply(JobDocument& document, const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) return "expected a.b=VALUE";
  if (!is_utf8(text)) return "is not UTF-8 text";
  const std::string given = text.substr(equals + 1);
  const std::vector<std::string> keys = split_path(std::string_view(text).substr(0, equals));
  // Before the first step: steps make groups where there are none.
  if (std::ranges::find(keys, "") != keys.end()) return "a name is missing beside a dot";
  StrictJson json = parse_strict_json(given);
  if (json.problem.empty() && !json.duplicates.empty()) {
    std::string above;
    for (const std::string& key : keys) above = child_pointer(above, key);
    return fmt::format("{}{}: duplicate key", above, json.duplicates.front().pointer);
  }
  Json* place = &document.root;
  std::string pointer;
  for (const std::string& key : keys) {
    std::string problem = descend(place, pointer, key);
    if (!problem.empty()) return problem;
  }
  *place = json.problem.empty() ? std::move(json.root) : Json(given);
  document.settings.push_back({"--set " + text, pointer, given});
  return "";
}

void set_text(JobDocument& document, std::string_view option, std::string_view group, std::string_view key,
              const std::string& text, ConfigErrors& errors) {
  if (!is_utf8(text)) return errors.add_setting(option, "is not UTF-8 text");
  Json* place = &document.root;
  std::string pointer;
  if (!group.empty()) {
    place = &(*place)[std::string(group)];
    pointer = child_pointer(pointer, group);
    if (!place->is_object() && !place->is_null()) return;  // an error of the file, told with the others
  }
  (*place)[std::string(key)] = text;
  document.settings.push_back({std::string(option), child_pointer(pointer, key), text});
}

}  // namespace

void apply_overrides(JobDocument& document, const Overrides& overrides, ConfigErrors& errors) {
  for (const std::string& setting : overrides.settings) {
    const std::string problem = apply(document, setting);
    if (!problem.empty()) errors.add_setting("--set " + setting, problem);
  }
  if (overrides.device) set_text(document, "--device", "", "device", *overrides.device, errors);
  if (overrides.output) set_text(document, "--output", "output", "directory", *overrides.output, errors);
}

}  // namespace matinee::host
