#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/parameters.h"
#include "host/config/config_errors.h"
#include "host/config/json.h"

namespace matinee::host {

// One value of a job file, checked. Nothing: the error is among `errors` at `pointer`.

// Whole numbers may be written 1000, 1e3 or 1000.0.
std::optional<int64_t> read_integer(const Json& value, const std::string& pointer, engine::Range<int64_t> range,
                                    std::string_view unit, ConfigErrors& errors);
std::optional<double> read_real(const Json& value, const std::string& pointer, engine::Range<double> range,
                                std::string_view unit, ConfigErrors& errors);
std::optional<bool> read_flag(const Json& value, const std::string& pointer, ConfigErrors& errors);
// A number or a truth value that --set gave is taken as it was typed.
std::optional<std::string> read_text(const Json& value, const std::string& pointer, const JobDocument& document,
                                     ConfigErrors& errors);
// Absolute and lexically normal: relative to the job file, or to the working directory where a setting gave it.
std::optional<std::string> read_path(const Json& value, const std::string& pointer, const JobDocument& document,
                                     ConfigErrors& errors);
// A path where a setting gave it; else as it stands: relative to dataset.path.
std::optional<std::string> read_data_file(const Json& value, const std::string& pointer, const JobDocument& document,
                                          ConfigErrors& errors);
std::optional<int> read_name(const Json& value, const std::string& pointer, std::span<const std::string_view> names,
                             ConfigErrors& errors);

std::string absolute_path(const std::string& path, const std::filesystem::path& folder);

}  // namespace matinee::host
