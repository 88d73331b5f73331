#include "host/run/output_files.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/artifacts/file_writer.h"
#include "engine/artifacts/mapped_file.h"
#include "engine/artifacts/sha256.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

bool stays_inside(const fs::path& path) {
  return !path.empty() && path.is_relative() &&
         std::none_of(path.begin(), path.end(), [](const fs::path& part) { return part == ".."; });
}

// The part of `path` below `folder` that is a symbolic link; empty: none.
fs::path link_in(const fs::path& folder, const fs::path& path) {
  fs::path part;
  std::error_code error;
  for (const fs::path& name : path) {
    part /= name;
    if (fs::is_symlink(folder / part, error)) return part;
  }
  return {};
}

}  // namespace

void make_folders(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    fail(ErrorKind::kArtifact, "{}: cannot be created: {}. Choose a writable folder with --output", folder.string(),
         error.message());
}

std::vector<OutputFile> list_files(const fs::path& folder) {
  std::vector<OutputFile> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory()) {
      engine::sync_folder(entry.path());
    } else {
      files.push_back({fs::relative(entry.path(), folder).generic_string(), engine::sha256_of_file(entry.path()),
                       static_cast<int64_t>(entry.file_size())});
    }
  }
  std::sort(files.begin(), files.end(),
            [](const OutputFile& left, const OutputFile& right) { return left.path < right.path; });
  return files;
}

std::string first_damage(const fs::path& folder, const std::vector<OutputFile>& files) {
  for (const OutputFile& file : files) {
    std::error_code error;
    const fs::path path = folder / file.path;
    if (const fs::path link = link_in(folder, file.path); !link.empty()) {
      return fmt::format("{} is a symbolic link", link.generic_string());
    }
    const auto bytes = fs::file_size(path, error);
    if (error) return fmt::format("{} is missing", file.path);
    if (static_cast<int64_t>(bytes) != file.bytes)
      return fmt::format("{} has {} bytes, not {}", file.path, bytes, file.bytes);
    if (engine::sha256_of(engine::MappedFile(path).bytes()) != file.sha256)
      return fmt::format("{} does not have the sha256 {}", file.path, file.sha256);
  }
  return "";
}

void link_or_copy(const fs::path& from, const fs::path& to) {
  make_folders(to.parent_path());
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (error) fs::copy_file(from, to, error);
  if (error) fail(ErrorKind::kArtifact, "{}: cannot be created: {}", to.string(), error.message());
}

nlohmann::ordered_json output_files_to_json(const std::vector<OutputFile>& files) {
  auto list = nlohmann::ordered_json::array();
  for (const OutputFile& file : files)
    list.push_back({{"path", file.path}, {"sha256", file.sha256}, {"bytes", file.bytes}});
  return list;
}

std::vector<OutputFile> output_files_from_json(const nlohmann::json& json, std::string_view source) {
  std::vector<OutputFile> files;
  for (const auto& entry : json) {
    OutputFile file{entry.at("path"), entry.at("sha256"), entry.at("bytes")};
    if (!stays_inside(file.path)) {
      fail(ErrorKind::kArtifact,
           "{}: the path \"{}\" leaves the run's folder. The manifest was not written by Matinee or was changed; do "
           "not use this run",
           source, file.path);
    }
    files.push_back(std::move(file));
  }
  return files;
}

}  // namespace matinee::host
