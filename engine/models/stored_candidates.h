#pragma once

#include <cstdint>

#include "engine/artifacts/safetensors.h"
#include "engine/candidate_sets.h"

namespace matinee::engine {

// Candidate sets as tensors of a model's file.
void add_candidates(const CandidateSets& sets, const int64_t& items, TensorWriter& file);

struct StoredCandidates {
  CandidateSets sets;
  int64_t items = 0;  // of the data
};
// Error(kArtifact) where rows do not fit together, or name an item twice or one that is not there.
StoredCandidates read_candidates(const TensorFile& file);

}  // namespace matinee::engine
