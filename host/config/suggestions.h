#pragma once

#include <span>
#include <string>
#include <string_view>

namespace matinee::host {

// Insertions, deletions, replacements and swaps of neighbours that turn one name into the other; letter case, '-' and
// '_' count as equal.
int edit_distance(std::string_view a, std::string_view b);

// The known name nearest to `name`, or empty where none is near (a third of its letters, at least one).
std::string_view nearest_name(std::string_view name, std::span<const std::string> known);

// "did you mean \"factors\"?", or where nothing is near "known: a, b, c".
std::string suggestion(std::string_view name, std::span<const std::string> known);

}  // namespace matinee::host
