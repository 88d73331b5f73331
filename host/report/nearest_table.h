#pragma once

#include <string>
#include <vector>

#include "host/report/nearest_names.h"

namespace matinee::host {

// A table of names and those that are nearest: of what the caption says, under the heads of its two columns.
std::string html_nearest(const std::string& caption, const std::string& head, const std::string& nearest_head,
                         const std::vector<NearestNames>& names);

// "Alien (0.93), Aliens (0.91)", escaped for Markdown.
std::string markdown_nearest(const NearestNames& names);

}  // namespace matinee::host
