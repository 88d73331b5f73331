#pragma once

#include <span>

namespace matinee::host {

enum class LogFormat { kText, kJson };

// Sends spdlog to stderr, as text lines or one JSON object a line ({"time", "level", "message"}).
void start_log(LogFormat format);
// The format of the log that was started last.
LogFormat log_format();
// What a command line asks for, right or wrong in everything else: errors of the command line are logged so too.
LogFormat asked_log_format(std::span<const char* const> arguments);

}  // namespace matinee::host
