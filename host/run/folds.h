#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/config/job.h"

namespace matinee::host {

// The folds of a job: those of its split, or what `dataset.split.repeats` repeats, numbered from 1. Where there is one
// only, it is fold 0, that of the published models; where there are several, fold 0 has all ratings for training.

// 0: nothing is held out.
int fold_count(const SplitSpec& split);

// The folds that are measured where there are `folds`, and so trained for it: 0, or 1, 2 …
std::vector<int> measured_folds(int folds);

// "" for fold 0, " fold 2": how names of stages end. The stage that trains a model.
std::string fold_text(int fold);
std::string training_stage(const std::string& model, int fold);

// Each repeat has a seed of its own, for its split and for its models: that of the job, and one more for each repeat.
uint64_t fold_seed(const Job& job, int fold);

// The fold whose model is used in fold `fold`: a model that learns from texts alone is the same in all folds that have
// the same seed.
int trained_fold(const Job& job, const ModelSpec& spec, int fold);

}  // namespace matinee::host
