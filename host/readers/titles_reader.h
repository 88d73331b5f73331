#pragma once

#include <string>
#include <vector>

#include "engine/data/dataset.h"
#include "host/readers/dataset_spec.h"

namespace matinee::host {

// Fill dataset.catalogue from a titles file (title and genres) or a file of directors, and note how many of its lines
// belong to items without ratings. Text that is not UTF-8 is an Error(kInput) with FILE:LINE, except in the titles of
// movielens_100k and movielens_1m, which are ISO-8859-1 and are converted.
void read_titles(const DatasetSpec& spec, const std::string& path, engine::Dataset& dataset);
void read_directors(const DatasetSpec& spec, const std::string& path, engine::Dataset& dataset);

}  // namespace matinee::host
