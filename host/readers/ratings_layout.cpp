#include "host/readers/ratings_layout.h"

#include <algorithm>
#include <charconv>

#include <fmt/ranges.h>

#include "kernels/support/error.h"

namespace matinee::host {
namespace {

const std::vector<std::string_view>& split_header(FieldSplitter& splitter, std::string_view line,
                                                  const std::string& path) {
  const auto* fields = splitter.split(line);
  if (fields == nullptr) fail(ErrorKind::kInput, "{}:1: a quotation mark in the header is not closed", path);
  return *fields;
}

int needed_column(const std::vector<std::string_view>& header, const std::vector<std::string>& names,
                  const std::string& path, std::string_view remedy) {
  const int column = find_column(header, names);
  if (column < 0) {
    fail(ErrorKind::kInput, "{}:1: the header has no column {}; it has: {}; {}", path, fmt::join(names, " or "),
         fmt::join(header, ", "), remedy);
  }
  return column;
}

RatingsLayout fixed_layout(std::string delimiter) {
  return {{std::move(delimiter), false}, false, 4, 0, 1, 2, 3};
}

RatingsLayout movielens_csv_layout(std::string_view first_line, const std::string& path) {
  RatingsLayout layout;
  layout.header = true;
  FieldSplitter splitter(layout.syntax);
  const auto& header = split_header(splitter, first_line, path);
  const std::string_view remedy = "set dataset.format to delimited to name other columns";
  layout.columns = static_cast<int>(header.size());
  layout.user = needed_column(header, {"userId", "user_id"}, path, remedy);
  layout.item = needed_column(header, {"movieId", "movie_id"}, path, remedy);
  layout.rating = needed_column(header, {"rating"}, path, remedy);
  layout.timestamp = find_column(header, {"timestamp"});
  return layout;
}

// A column of a file without header: its number, counted from 1.
int numbered_column(std::string_view parameter, const std::string& name, int columns, const std::string& path) {
  int number = 0;
  const auto [end, problem] = std::from_chars(name.data(), name.data() + name.size(), number);
  if (problem != std::errc() || end != name.data() + name.size() || number < 1 || number > columns) {
    fail(ErrorKind::kInput,
         "{}:1: dataset.columns.{} is \"{}\", but without a header the {} columns are named 1, 2, 3 …: give its "
         "number, or set dataset.header to true",
         path, parameter, name, columns);
  }
  return number - 1;
}

RatingsLayout delimited_layout(const DatasetSpec& spec, std::string_view first_line, const std::string& path) {
  RatingsLayout layout;
  layout.syntax.delimiter = spec.delimiter;
  layout.header = spec.header;
  FieldSplitter splitter(layout.syntax);
  const auto& first = split_header(splitter, first_line, path);
  layout.columns = static_cast<int>(first.size());
  const auto column = [&](std::string_view parameter, const std::string& name) {
    if (!spec.header) return numbered_column(parameter, name, layout.columns, path);
    const std::string remedy = fmt::format("name it by dataset.columns.{}", parameter);
    return needed_column(first, {name}, path, remedy);
  };
  layout.user = column("user", spec.user_column);
  layout.item = column("item", spec.item_column);
  layout.rating = spec.rating_column.empty() ? -1 : column("rating", spec.rating_column);
  layout.timestamp = spec.timestamp_column.empty() ? -1 : column("timestamp", spec.timestamp_column);
  return layout;
}

}  // namespace

int find_column(const std::vector<std::string_view>& header, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto found = std::find(header.begin(), header.end(), name);
    if (found != header.end()) return static_cast<int>(found - header.begin());
  }
  return -1;
}

RatingsLayout ratings_layout(const DatasetSpec& spec, std::string_view first_line, const std::string& path) {
  switch (spec.format) {
    case DatasetFormat::kMovielens100k:
      return fixed_layout("\t");
    case DatasetFormat::kMovielens1m:
      return first_line.find("::") != std::string_view::npos ? fixed_layout("::")
                                                             : movielens_csv_layout(first_line, path);
    case DatasetFormat::kMovielensCsv:
      return movielens_csv_layout(first_line, path);
    default:
      return delimited_layout(spec, first_line, path);
  }
}

}  // namespace matinee::host
