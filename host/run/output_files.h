#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "host/run/stage_store.h"

namespace matinee::host {

// create_directories, with Error(kArtifact) that says what to do.
void make_folders(const std::filesystem::path& folder);

// Every file below `folder`, hashed, in order of path; folders below are synced.
std::vector<OutputFile> list_files(const std::filesystem::path& folder);

// What is wrong with the first file that is missing or does not hash as listed; empty where all is well.
std::string first_damage(const std::filesystem::path& folder, const std::vector<OutputFile>& files);

// The file at `from` appears at `to` too: a hard link, or a copy where the file system has none.
void link_or_copy(const std::filesystem::path& from, const std::filesystem::path& to);

// [{"path", "sha256", "bytes"}] and back. A path that is absolute or leaves the folder is Error(kArtifact) naming
// `source`; a wrong type is nlohmann's exception.
nlohmann::ordered_json output_files_to_json(const std::vector<OutputFile>& files);
std::vector<OutputFile> output_files_from_json(const nlohmann::json& json, std::string_view source);

}  // namespace matinee::host
