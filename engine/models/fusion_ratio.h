#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "kernels/similarity/fuse_rows.h"

namespace matinee::engine {

// "7:1", parts of the collaborative and of the content similarity: numbers of 0 to 1,000,000, not both 0. None: the
// text is no such ratio.
std::optional<similarity::FusionRatio> parse_ratio(std::string_view text);

// What is wrong with a ratio that parse_ratio() does not read.
std::string ratio_problem(std::string_view text);

}  // namespace matinee::engine
