#pragma once

#include <cstdint>
#include <string>

#include "host/readers/dataset_spec.h"

namespace matinee::host {

// How the ratings are split by a job of this seed, for people.
std::string split_words(const SplitSpec& split, uint64_t seed);

}  // namespace matinee::host
