#include "host/config/read_value.h"

#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "host/config/range_text.h"
#include "host/config/suggestions.h"
#include "host/text/encoding.h"

namespace matinee::host {
namespace {

void wrong_type(const Json& value, const std::string& pointer, std::string_view expected, ConfigErrors& errors) {
  errors.add(pointer, fmt::format("expected {}, found {}", expected, shown(value)));
}

template <typename T>
void out_of_range(const Json& value, const std::string& pointer, const engine::Range<T>& range, std::string_view unit,
                  ConfigErrors& errors) {
  const std::string allowed = range_text(range, unit);
  errors.add(pointer, fmt::format("{} is out of range: expected {}", shown(value),
                                  allowed.empty() ? "a 64-bit integer" : std::string_view(allowed)));
}

// The whole number that the value is, if it is one that 64 bits hold.
std::optional<int64_t> whole_number(const Json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<uint64_t>();
    if (number > static_cast<uint64_t>(std::numeric_limits<int64_t>::max())) return std::nullopt;
    return static_cast<int64_t>(number);
  }
  if (value.is_number_integer()) return value.get<int64_t>();
  const auto number = value.get<double>();
  if (std::abs(number) < 0x1p63) return static_cast<int64_t>(number);
  return std::nullopt;
}

}  // namespace

std::optional<int64_t> read_integer(const Json& value, const std::string& pointer, engine::Range<int64_t> range,
                                    std::string_view unit, ConfigErrors& errors) {
  const bool fraction = value.is_number_float() && std::trunc(value.get<double>()) != value.get<double>();
  if (!value.is_number() || fraction) {
    wrong_type(value, pointer, "a whole number", errors);
    return std::nullopt;
  }
  const std::optional<int64_t> number = whole_number(value);
  if (!number || !in_range(*number, range)) {
    out_of_range(value, pointer, range, unit, errors);
    return std::nullopt;
  }
  return number;
}

std::optional<double> read_real(const Json& value, const std::string& pointer, engine::Range<double> range,
                                std::string_view unit, ConfigErrors& errors) {
  if (!value.is_number()) {
    wrong_type(value, pointer, "a number", errors);
    return std::nullopt;
  }
  const auto number = value.get<double>();
  if (!in_range(number, range)) {
    out_of_range(value, pointer, range, unit, errors);
    return std::nullopt;
  }
  return number;
}

std::optional<bool> read_flag(const Json& value, const std::string& pointer, ConfigErrors& errors) {
  if (value.is_boolean()) return value.get<bool>();
  wrong_type(value, pointer, "true or false", errors);
  return std::nullopt;
}

std::optional<std::string> read_text(const Json& value, const std::string& pointer, const JobDocument& document,
                                     ConfigErrors& errors) {
  if (value.is_string()) return value.get<std::string>();
  const Setting* setting = document.setting_of(pointer);
  const bool scalar = value.is_number() || value.is_boolean();
  if (scalar && setting != nullptr && setting->pointer == pointer) return setting->text;
  wrong_type(value, pointer, "text", errors);
  return std::nullopt;
}

std::optional<std::string> read_path(const Json& value, const std::string& pointer, const JobDocument& document,
                                     ConfigErrors& errors) {
  const std::optional<std::string> given = read_text(value, pointer, document, errors);
  if (!given || given->empty()) return given;
  if (given->find('\0') != std::string::npos) {
    errors.add(pointer, "a path cannot hold the character NUL");
    return std::nullopt;
  }
  const bool from_file = document.setting_of(pointer) == nullptr;
  std::string path = absolute_path(*given, from_file ? document.folder : std::filesystem::current_path());
  if (!is_utf8(path)) {
    errors.add(pointer, "the folder that this is relative to has a name that is not UTF-8; give an absolute path");
    return std::nullopt;
  }
  return path;
}

std::optional<std::string> read_data_file(const Json& value, const std::string& pointer, const JobDocument& document,
                                          ConfigErrors& errors) {
  return document.setting_of(pointer) == nullptr ? read_text(value, pointer, document, errors)
                                                 : read_path(value, pointer, document, errors);
}

std::optional<int> read_name(const Json& value, const std::string& pointer, std::span<const std::string_view> names,
                             ConfigErrors& errors) {
  const std::vector<std::string> known(names.begin(), names.end());
  if (!value.is_string()) {
    wrong_type(value, pointer, fmt::format("one of {}", fmt::join(known, ", ")), errors);
    return std::nullopt;
  }
  const auto name = value.get<std::string>();
  for (std::size_t index = 0; index < known.size(); ++index) {
    if (known[index] == name) return static_cast<int>(index);
  }
  errors.add(pointer, fmt::format("unknown value {}; {}", shown(value), suggestion(name, known)));
  return std::nullopt;
}

std::string absolute_path(const std::string& path, const std::filesystem::path& folder) {
  std::string normal = (folder / path).lexically_normal().string();
  while (normal.size() > 1 && normal.back() == '/') normal.pop_back();
  return normal;
}

}  // namespace matinee::host
