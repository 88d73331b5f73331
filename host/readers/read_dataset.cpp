#include "host/readers/read_dataset.h"

#include <filesystem>

#include <fmt/format.h>

#include "host/readers/dataset_files.h"
#include "host/readers/duplicates.h"
#include "host/readers/ratings_reader.h"
#include "host/readers/synthetic.h"
#include "host/readers/titles_reader.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

engine::IdMap copied(const engine::IdMap* earlier) {
  engine::IdMap ids;
  for (int32_t index = 0; earlier != nullptr && index < earlier->size(); ++index) ids.insert(earlier->id(index));
  return ids;
}

void settle_duplicates(Context& context, const DatasetSpec& spec, const std::string& path, RatingsTable& table,
                       std::vector<std::string>& notes) {
  const auto duplicates = find_duplicates(context, table.ratings);
  if (duplicates.empty()) return;
  if (spec.duplicates == DuplicatePolicy::kError) {
    const auto& [first, second] = duplicates.front();
    const auto entry = static_cast<std::size_t>(second);
    fail(ErrorKind::kInput,
         "{}:{}: user {} rates item {} again, after line {}: remove one, or set dataset.duplicates to first or last",
         path, table.line_of(second), table.users.id(table.ratings.users[entry]),
         table.items.id(table.ratings.items[entry]), table.line_of(first));
  }
  const bool keep_last = spec.duplicates == DuplicatePolicy::kLast;
  drop_duplicates(table.ratings, duplicates, keep_last);
  notes.push_back(fmt::format("{}: {} ratings of a pair that was rated again were dropped, the {} was kept",
                              std::filesystem::path(path).filename().string(), duplicates.size(),
                              keep_last ? "last" : "first"));
}

}  // namespace

engine::Dataset read_dataset(Context& context, const DatasetSpec& spec, const EarlierIds& earlier,
                             const ReadProgress& progress) {
  if (spec.format == DatasetFormat::kSynthetic) {
    return draw_dataset(context, spec, copied(earlier.users), copied(earlier.items), progress);
  }
  if (spec.format == DatasetFormat::kNoRatings) {
    engine::Dataset dataset;
    dataset.users = copied(earlier.users);
    dataset.items = copied(earlier.items);
    dataset.ratings.user_count = dataset.users.size();
    dataset.ratings.item_count = dataset.items.size();
    dataset.ratings.grid = spec.grid();
    return dataset;
  }
  const DatasetFiles files = find_dataset_files(spec);
  RatingsTable table =
      read_ratings(context, spec, files.ratings, copied(earlier.users), copied(earlier.items), progress);
  engine::Dataset dataset;
  settle_duplicates(context, spec, files.ratings, table, dataset.notes);
  dataset.ratings = std::move(table.ratings);
  dataset.users = std::move(table.users);
  dataset.items = std::move(table.items);
  dataset.inputs.push_back(std::move(table.input));
  if (files.titles) read_titles(spec, *files.titles, dataset);
  if (files.directors) read_directors(spec, *files.directors, dataset);
  return dataset;
}

std::vector<std::string> input_files(const DatasetSpec& spec) {
  if (spec.format == DatasetFormat::kSynthetic || spec.format == DatasetFormat::kNoRatings) return {};
  const DatasetFiles files = find_dataset_files(spec);
  std::vector<std::string> paths = {files.ratings};
  if (files.titles) paths.push_back(*files.titles);
  if (files.directors) paths.push_back(*files.directors);
  for (const std::string& name : spec.split.train) paths.push_back(find_dataset_file(spec, name));
  for (const std::string& name : spec.split.test) paths.push_back(find_dataset_file(spec, name));
  if (!spec.split.negatives.empty()) paths.push_back(find_dataset_file(spec, spec.split.negatives));
  if (!spec.split.item_map.empty()) paths.push_back(find_dataset_file(spec, spec.split.item_map));
  return paths;
}

}  // namespace matinee::host
