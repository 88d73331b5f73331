#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "kernels/support/error.h"

namespace matinee::test {

void write_text(const std::filesystem::path& path, std::string_view text);
std::string read_text(const std::filesystem::path& path);

// `text` as one gzip member.
std::string gzipped(std::string_view text);

// The text of the Error(kind) that `act` throws; a failure of the test where it throws none or of another kind.
std::string error_of(ErrorKind kind, const std::function<void()>& act);

}  // namespace matinee::test
