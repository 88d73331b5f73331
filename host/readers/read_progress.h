#pragma once

#include <functional>
#include <string_view>

namespace matinee::host {

// Called now and then by the thread that reads; may throw to stop.
using ReadProgress = std::function<void(double done, double total, std::string_view unit)>;

}  // namespace matinee::host
