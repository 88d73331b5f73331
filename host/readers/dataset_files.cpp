#include "host/readers/dataset_files.h"

#include <filesystem>
#include <string_view>
#include <vector>

#include "kernels/support/error.h"

namespace matinee::host {
namespace {

namespace fs = std::filesystem;

std::vector<std::string_view> usual_ratings(DatasetFormat format) {
  switch (format) {
    case DatasetFormat::kMovielens100k:
      return {"u.data"};
    case DatasetFormat::kMovielens1m:
      return {"ratings.dat", "ratings.csv"};
    case DatasetFormat::kMovielensCsv:
      return {"ratings.csv"};
    default:
      return {};
  }
}

std::string_view usual_titles(DatasetFormat format) {
  switch (format) {
    case DatasetFormat::kMovielens100k:
      return "u.item";
    case DatasetFormat::kMovielens1m:
      return "movies.dat";
    case DatasetFormat::kMovielensCsv:
      return "movies.csv";
    default:
      return "";
  }
}

fs::path folder_of(const DatasetSpec& spec) {
  const fs::path path(spec.path);
  std::error_code ignored;
  return fs::is_directory(path, ignored) ? path : path.parent_path();
}

std::optional<std::string> find_in(const fs::path& folder, std::string_view name) {
  std::error_code ignored;
  for (const std::string_view ending : {"", ".gz"}) {
    fs::path path = folder / name;
    path += ending;
    if (fs::exists(path, ignored)) return path.string();
  }
  return std::nullopt;
}

std::string find_ratings(const DatasetSpec& spec) {
  std::error_code ignored;
  if (!spec.ratings.empty()) return find_dataset_file(spec, spec.ratings);
  if (fs::is_regular_file(spec.path, ignored)) return spec.path;
  if (!fs::exists(spec.path, ignored)) {
    fail(ErrorKind::kInput, "{}: no such file or folder: correct dataset.path", spec.path);
  }
  std::string tried;
  for (const std::string_view name : usual_ratings(spec.format)) {
    if (const auto found = find_in(folder_of(spec), name)) return *found;
    tried += tried.empty() ? "" : " or ";
    tried += name;
  }
  if (tried.empty()) {
    fail(ErrorKind::kInput, "{}: is a folder: name the ratings file in it by dataset.ratings", spec.path);
  }
  fail(ErrorKind::kInput, "{}: holds no {} (nor with .gz): correct dataset.path or name the file by dataset.ratings",
       spec.path, tried);
}

std::optional<std::string> find_optional(const DatasetSpec& spec, const std::string& given, std::string_view usual) {
  if (!given.empty()) return find_dataset_file(spec, given);
  return usual.empty() ? std::nullopt : find_in(folder_of(spec), usual);
}

}  // namespace

std::string find_dataset_file(const DatasetSpec& spec, const std::string& name) {
  const fs::path folder = folder_of(spec);
  if (const auto found = find_in(folder, name)) return *found;
  std::error_code ignored;
  const fs::path below_here =
      fs::path(name).is_absolute() ? fs::path(name).lexically_relative(fs::current_path(ignored)) : fs::path();
  if (!below_here.empty() && find_in(folder, below_here.string())) {
    fail(ErrorKind::kInput,
         "{}: no such file (nor with .gz); names that --set gives are relative to the working directory, and there is "
         "a file of this name at dataset.path: give {}",
         name, (folder / below_here).string());
  }
  fail(ErrorKind::kInput, "{}: no such file (nor with .gz)", (folder / name).string());
}

DatasetFiles find_dataset_files(const DatasetSpec& spec) {
  const bool named_only = spec.format == DatasetFormat::kDelimited;
  return {find_ratings(spec), find_optional(spec, spec.titles, usual_titles(spec.format)),
          find_optional(spec, spec.directors, named_only ? "" : "directors.csv")};
}

}  // namespace matinee::host
