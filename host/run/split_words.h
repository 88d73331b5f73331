#pragma once

#include <string>

#include "host/readers/dataset_spec.h"

namespace matinee::host {

// How the ratings are split, in one sentence for people.
std::string split_words(const SplitSpec& split);

}  // namespace matinee::host
