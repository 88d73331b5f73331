#pragma once

#include <optional>
#include <string>

#include "host/readers/dataset_spec.h"

namespace matinee::host {

// Where the files of a dataset lie. Not for synthetic data, which has none.
struct DatasetFiles {
  std::string ratings;
  std::optional<std::string> titles;
  std::optional<std::string> directors;
};

// Throws Error(kInput) where a file that is needed or named is missing.
DatasetFiles find_dataset_files(const DatasetSpec& spec);

// `name` inside the folder of the dataset (as it is where it is absolute), or the same name with .gz. Throws
// Error(kInput) where neither is there.
std::string find_dataset_file(const DatasetSpec& spec, const std::string& name);

}  // namespace matinee::host
