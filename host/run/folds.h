#pragma once

#include <cstdint>

#include "host/config/job.h"

namespace matinee::host {

// The folds of a job: those of its split, or what `dataset.split.repeats` repeats, numbered from 1. Where there is one
// only, it is fold 0, that of the published models; where there are several, fold 0 has all ratings for training.

// 0: nothing is held out.
int fold_count(const SplitSpec& split);

// Each repeat has a seed of its own, for its split and for its models: that of the job, and one more for each repeat.
uint64_t fold_seed(const Job& job, int fold);

// The fold whose model is used in fold `fold`: a model that learns from texts alone is the same in all folds that have
// the same seed.
int trained_fold(const Job& job, const ModelSpec& spec, int fold);

}  // namespace matinee::host
