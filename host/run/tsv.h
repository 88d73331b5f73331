#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace matinee::host {

// Tab-separated fields; tab, line feed, carriage return and backslash inside a field are written \t \n \r and two
// backslashes.
std::string tsv_field(std::string_view text);
std::vector<std::string> tsv_fields(std::string_view line);
// The lines of a text without their ends; none after a final line feed.
std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace matinee::host
