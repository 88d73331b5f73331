#pragma once

#include <string_view>

namespace matinee::host {

enum class LogFormat { kText, kJson };

// Sends spdlog to stderr, as text lines or one JSON object a line ({"time", "level", "message"}).
void start_log(LogFormat format);

}  // namespace matinee::host
