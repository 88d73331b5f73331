#include "host/run/run_data.h"

#include <algorithm>
#include <limits>

#include <nlohmann/json.hpp>

#include "engine/artifacts/file_writer.h"
#include "engine/artifacts/safetensors.h"
#include "host/run/output_files.h"
#include "host/run/tsv.h"
#include "host/text/json_problem.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

constexpr const char* kTrainFile = "train.safetensors";
constexpr const char* kTestFile = "test.safetensors";

fs::path fold_folder(const fs::path& root, int fold) {
  return fold == 0 ? root / "data" : root / "folds" / std::to_string(fold);
}

void write_ids(const fs::path& path, const engine::IdMap& ids) {
  engine::FileWriter file(path);
  for (int32_t index = 0; index < ids.size(); ++index)
    file.write(fmt::format("{}\t{}\n", index, tsv_field(ids.id(index))));
  file.close();
}

engine::IdMap read_ids(const fs::path& path) {
  engine::IdMap ids;
  const std::string text = engine::read_file(path);
  for (const std::string_view line : lines_of(text)) {
    const auto fields = tsv_fields(line);
    if (fields.size() != 2 || fields[0] != std::to_string(ids.size()) || ids.insert(fields[1]) != ids.size() - 1) {
      fail(ErrorKind::kArtifact, "{}:{}: expected \"{}<tab>id\" with an id that is not above", path.string(),
           ids.size() + 1, ids.size());
    }
  }
  return ids;
}

void write_train(const fs::path& path, const engine::SparseRatings& train) {
  engine::TensorWriter file;
  const int64_t columns[] = {train.columns};
  file.add("offsets", train.offsets);
  file.add("items", train.indices);
  file.add("levels", train.levels);
  file.add<int64_t>("item_count", columns, {1});
  file.write(path);
}

// The training ratings of a file. Checks what a kernel would otherwise read out of bounds.
SparseView train_view(const engine::TensorFile& file, const RunData& data) {
  const auto offsets = file.get<int64_t>("offsets");
  const auto items = file.get<int32_t>("items");
  const auto levels = file.get<uint8_t>("levels");
  const int64_t columns = file.get<int64_t>("item_count", {1})[0];
  bool sound = !offsets.empty() && offsets.front() == 0 && offsets.back() == static_cast<int64_t>(items.size()) &&
               levels.size() == items.size() && std::ranges::is_sorted(offsets) && columns >= 0 &&
               columns <= std::numeric_limits<int32_t>::max();
  uint32_t largest = 0;  // a negative number is larger than any that is allowed; no early end: the loop vectorizes
  for (const int32_t item : items) largest = std::max(largest, static_cast<uint32_t>(item));
  sound = sound && (items.empty() || largest < columns);
  const std::string path = file.path().string();
  if (!sound) {
    fail(ErrorKind::kArtifact,
         "{}: offsets or items out of range. Publish an intact run (matinee rollback) or train again", path);
  }
  const auto rows = static_cast<int64_t>(offsets.size()) - 1;
  if (rows != data.users.size() || columns != data.items.size()) {
    fail(ErrorKind::kArtifact, "{}: {} users and {} items, where ids/ has {} and {}", path, rows, columns,
         data.users.size(), data.items.size());
  }
  return {static_cast<int32_t>(rows), static_cast<int32_t>(columns), offsets.data(), items.data(), levels.data()};
}

engine::SparseRatings read_train(const fs::path& path, const RunData& data) {
  const auto file = engine::TensorFile::read(path);
  const SparseView view = train_view(file, data);
  return {view.rows, view.columns, file.vector<int64_t>("offsets"), file.vector<int32_t>("items"),
          file.vector<uint8_t>("levels")};
}

void write_test(const fs::path& path, const engine::Fold& fold) {
  engine::TensorWriter file;
  file.add("users", fold.test.users);
  file.add("items", fold.test.items);
  file.add("levels", fold.test.levels);
  if (fold.sampled) {
    file.add("sampled_users", fold.sampled->users);
    file.add("sampled_offsets", fold.sampled->offsets);
    file.add("sampled_items", fold.sampled->items);
    file.add<int64_t>("sampled_dropped", std::span(&fold.sampled->dropped, 1), {1});
    file.note("sampled_source", fold.sampled->source);
    file.note("sampled_sha256", fold.sampled->sha256);
  }
  file.write(path);
}

void read_test(const fs::path& path, const RunData& data, engine::Fold& fold) {
  const auto file = engine::TensorFile::read(path);
  fold.test.user_count = data.users.size();
  fold.test.item_count = data.items.size();
  fold.test.grid = data.grid;
  fold.test.users = file.vector<int32_t>("users");
  fold.test.items = file.vector<int32_t>("items");
  fold.test.levels = file.vector<uint8_t>("levels");
  const auto in_range = [](const std::vector<int32_t>& indices, int32_t end) {
    return std::all_of(indices.begin(), indices.end(), [end](int32_t index) { return index >= 0 && index < end; });
  };
  bool sound = fold.test.users.size() == fold.test.items.size() && fold.test.users.size() == fold.test.levels.size() &&
               in_range(fold.test.users, data.users.size()) && in_range(fold.test.items, data.items.size());
  if (file.has("sampled_users")) {
    engine::CandidateLists lists;
    lists.users = file.vector<int32_t>("sampled_users");
    lists.offsets = file.vector<int64_t>("sampled_offsets");
    lists.items = file.vector<int32_t>("sampled_items");
    lists.dropped = file.get<int64_t>("sampled_dropped", {1})[0];
    lists.source = file.note("sampled_source");
    lists.sha256 = file.note("sampled_sha256");
    sound = sound && lists.offsets.size() == lists.users.size() + 1 && lists.offsets.front() == 0 &&
            lists.offsets.back() == static_cast<int64_t>(lists.items.size()) &&
            std::is_sorted(lists.offsets.begin(), lists.offsets.end()) && in_range(lists.users, data.users.size()) &&
            in_range(lists.items, data.items.size());
    fold.sampled = std::move(lists);
  }
  if (!sound)
    fail(ErrorKind::kArtifact, "{}: indices out of range. Publish an intact run (matinee rollback) or train again",
         path.string());
}

void write_catalogue(const fs::path& path, const engine::Dataset& dataset) {
  const auto cell = [](const std::vector<std::string>& column, int32_t item) {
    return column.empty() ? std::string() : tsv_field(column[static_cast<std::size_t>(item)]);
  };
  engine::FileWriter file(path);
  for (int32_t item = 0; item < dataset.items.size(); ++item) {
    file.write(fmt::format("{}\t{}\t{}\t{}\n", tsv_field(dataset.items.id(item)), cell(dataset.catalogue.titles, item),
                           cell(dataset.catalogue.genres, item), cell(dataset.catalogue.directors, item)));
  }
  file.close();
}

engine::Catalogue read_catalogue(const fs::path& path) {
  engine::Catalogue catalogue;
  const std::string text = engine::read_file(path);
  for (const std::string_view line : lines_of(text)) {
    auto fields = tsv_fields(line);
    if (fields.size() != 4)
      fail(ErrorKind::kArtifact, "{}:{}: expected 4 fields", path.string(), catalogue.titles.size() + 1);
    catalogue.titles.push_back(std::move(fields[1]));
    catalogue.genres.push_back(std::move(fields[2]));
    catalogue.directors.push_back(std::move(fields[3]));
  }
  return catalogue;
}

void write_fold(const fs::path& folder, const engine::Fold& fold) {
  make_folders(folder);
  write_train(folder / kTrainFile, fold.train);
  if (fold.test.size() > 0) write_test(folder / kTestFile, fold);
}

}  // namespace

void write_run_data(const fs::path& root, const engine::Dataset& dataset, const PreparedSplit& split,
                    std::string_view split_words) {
  make_folders(root / "ids");
  make_folders(root / "data");
  write_ids(root / "ids/users.tsv", dataset.users);
  write_ids(root / "ids/items.tsv", dataset.items);
  write_catalogue(root / "data/catalogue.tsv", dataset);

  const auto folds = split.split.folds.size();
  for (std::size_t fold = 0; fold < folds; ++fold) {
    engine::Fold selected = engine::select_fold(dataset.ratings, split.split.folds[fold]);
    selected.sampled = split.sampled[fold];
    write_fold(fold_folder(root, folds == 1 ? 0 : static_cast<int>(fold) + 1), selected);
  }
  if (folds != 1) write_fold(root / "data", engine::everything(dataset.ratings));

  const engine::RatingGrid& grid = dataset.ratings.grid;
  std::vector<int64_t> per_level(static_cast<std::size_t>(grid.maximum_level) + 1);
  for (const uint8_t level : dataset.ratings.levels) ++per_level[level];
  const nlohmann::ordered_json json = {
      {"users", dataset.users.size()},
      {"items", dataset.items.size()},
      {"ratings", dataset.ratings.size()},
      {"grid", {{"step", grid.step}, {"minimum_level", grid.minimum_level}, {"maximum_level", grid.maximum_level}}},
      {"ratings_per_level", per_level},
      {"folds", folds},
      {"split", split_words},
      {"notes", dataset.notes}};
  engine::write_file(root / "data/data.json", json.dump(1) + "\n");
}

RunData read_run_data(const fs::path& root) {
  RunData data;
  const fs::path path = root / "data/data.json";
  try {
    const auto json = nlohmann::json::parse(engine::read_file(path));
    data.ratings = json.at("ratings");
    const auto& grid = json.at("grid");
    data.grid = {grid.at("step"), grid.at("minimum_level"), grid.at("maximum_level")};
    data.ratings_per_level = json.at("ratings_per_level").get<std::vector<int64_t>>();
    data.folds = json.at("folds");
    data.split = json.at("split");
    data.notes = json.at("notes").get<std::vector<std::string>>();
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::kArtifact, "{}: {}. Publish an intact run (matinee rollback) or train again", path.string(),
         json_problem(error));
  }
  data.users = read_ids(root / "ids/users.tsv");
  data.items = read_ids(root / "ids/items.tsv");
  data.catalogue = read_catalogue(root / "data/catalogue.tsv");
  if (static_cast<int32_t>(data.catalogue.titles.size()) != data.items.size()) {
    fail(ErrorKind::kArtifact, "{}: {} lines for {} items", (root / "data/catalogue.tsv").string(),
         data.catalogue.titles.size(), data.items.size());
  }
  return data;
}

TrainingRatings::TrainingRatings(const fs::path& root, const RunData& data)
    : file_(engine::TensorFile::read(fold_folder(root, 0) / kTrainFile)), view_(train_view(file_, data)) {}

engine::Fold read_fold(const fs::path& root, const RunData& data, int fold) {
  const fs::path folder = fold_folder(root, fold);
  engine::Fold read;
  read.train = read_train(folder / kTrainFile, data);
  if (fs::exists(folder / kTestFile)) read_test(folder / kTestFile, data, read);
  return read;
}

}  // namespace matinee::host
