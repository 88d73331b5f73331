#pragma once

#include <optional>
#include <vector>

#include "engine/data/dataset.h"
#include "engine/data/split.h"
#include "engine/model.h"
#include "host/readers/dataset_spec.h"
#include "host/readers/read_progress.h"
#include "kernels/support/context.h"

namespace matinee::host {

// The ids of an earlier run, whose indices are kept: new ids are appended.
struct EarlierIds {
  const engine::IdMap* users = nullptr;
  const engine::IdMap* items = nullptr;
};

// Reads ratings, titles and directors. Errors are Error(kInput) with file:line and the remedy; a missing file is
// Error(kInput) too. The result does not depend on the number of threads.
engine::Dataset read_dataset(Context& context, const DatasetSpec& spec, const EarlierIds& earlier = {},
                             const ReadProgress& progress = {});

struct PreparedSplit {
  engine::Split split;                                         // no folds for kNone
  std::vector<std::optional<engine::CandidateLists>> sampled;  // per fold
  std::vector<engine::InputFile> inputs;                       // the split's own files
};

// The split of `spec.split`; its files lie beside the dataset's own and are read in the dataset's format.
PreparedSplit make_split(Context& context, const engine::Dataset& dataset, const DatasetSpec& spec, uint64_t seed);

// What a job will have to hold, before it is read: exact for synthetic data and for files that are read through within
// about a second, else scaled up from the first part of the file. `exact` says which. The ids of an earlier run count
// too, once where the data has them again.
struct PredictedShape {
  engine::DataShape shape;
  int64_t reading_bytes = 0;  // host bytes while reading: ratings, ids, buffers
  bool exact = true;
};
PredictedShape predict_shape(Context& context, const DatasetSpec& spec, const EarlierIds& earlier = {});

// Every file that the dataset will be read from, for fingerprints: data, titles, split files. Error(kInput) where one
// is missing.
std::vector<std::string> input_files(const DatasetSpec& spec);

}  // namespace matinee::host
