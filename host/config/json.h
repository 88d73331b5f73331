#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace matinee::host {

// Objects keep the order of their keys: that of the file, or that of declaration.
using Json = nlohmann::ordered_json;

// The JSON pointer (RFC 6901) of a member or element: '~' and '/' in the key are escaped.
std::string child_pointer(std::string_view parent, std::string_view key);
std::string child_pointer(std::string_view parent, std::size_t index);

// Whether `pointer` is `ancestor` or lies below it.
bool lies_within(std::string_view pointer, std::string_view ancestor);

// A value as an error message shows it: scalars as JSON, cut where they are long; lists and groups by kind.
std::string shown(const Json& value);

}  // namespace matinee::host
