#pragma once

#include <vector>

#include "engine/data/dataset.h"
#include "engine/data/split.h"
#include "host/readers/dataset_spec.h"
#include "kernels/support/context.h"

namespace matinee::host {

// One fold per test file. Each line names a rating of the dataset, value included, in the format of the ratings file.
// A rating that stands in the training and the test file of one fold is an error, and so is one that stands twice.
// Adds the files to `inputs`. Throws Error(kInput) with FILE:LINE.
engine::Split read_split_files(Context& context, const engine::Dataset& dataset, const DatasetSpec& spec,
                               std::vector<engine::InputFile>& inputs);

}  // namespace matinee::host
