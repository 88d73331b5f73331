#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace matinee::host {

// A metric with four decimals; values of a million and more in scientific notation. No "-0.0000".
std::string metric_text(double value);
// With its standard deviation, where there is one: "0.2842 ± 0.0031".
std::string metric_text(double value, const std::optional<double>& deviation);
// A difference of metrics with its sign: "+0.0123", "\u22120.0123" (a minus sign, not a hyphen), "0.0000".
std::string difference_text(double value);
// 1000209 -> "1,000,209".
std::string count_text(int64_t count);
// As short as it is exact enough for prose: 0.5, 5, 3.25.
std::string short_text(double value);
// "train_rmse" -> "Train RMSE": underscores become spaces, the field's abbreviations capitals.
std::string label_of(std::string_view name);

}  // namespace matinee::host
