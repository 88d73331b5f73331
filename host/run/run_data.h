#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/artifacts/safetensors.h"
#include "engine/data/dataset.h"
#include "engine/data/split.h"
#include "host/readers/read_dataset.h"

namespace matinee::host {

// The data of a run as its artifacts hold it: written by the data stage, read by all later stages and by every command
// that works on a published run. Below a root folder:
//   ids/users.tsv ids/items.tsv             index <tab> external id
//   data/catalogue.tsv                      external id, title, genres, directors
//   data/train.safetensors                  training ratings of the published models, by user
//   data/test.safetensors                   their held-out ratings, where there is one fold
//   folds/K/{train,test}.safetensors        of fold K = 1, 2 …, where there are several; data/train then has all
//   ratings data/data.json                          counts, grid, notes
struct RunData {
  engine::IdMap users, items;
  engine::Catalogue catalogue;
  engine::RatingGrid grid;
  int64_t ratings = 0;
  std::vector<int64_t> ratings_per_level;
  int folds = 0;      // 0: nothing is held out
  std::string split;  // in words
  std::vector<std::string> notes;
};

void write_run_data(const std::filesystem::path& root, const engine::Dataset& dataset, const PreparedSplit& split,
                    std::string_view split_words);

RunData read_run_data(const std::filesystem::path& root);

// Fold 0: what the published models are trained on, with its test ratings where there is one fold; 1 … folds otherwise.
engine::Fold read_fold(const std::filesystem::path& root, const RunData& data, int fold);

// What the published models are trained on, as the file has it: nothing is copied.
class TrainingRatings {
 public:
  TrainingRatings(const std::filesystem::path& root, const RunData& data);
  const SparseView& view() const { return view_; }

 private:
  engine::TensorFile file_;
  SparseView view_;
};

}  // namespace matinee::host
