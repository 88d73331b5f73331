#pragma once

#include <vector>

#include "engine/data/dataset.h"
#include "engine/data/split.h"
#include "host/readers/dataset_spec.h"

namespace matinee::host {

struct NcfSplit {
  engine::Split split;  // one fold
  engine::CandidateLists sampled;
};

// The fixed files of the protocol of He et al., "Neural Collaborative Filtering" (WWW 2017):
// test lines "user <tab> item <tab> rating [<tab> timestamp]", negatives "(user,item) <tab> item <tab> item …", one per
// test line. Users are numbered by first appearance in the ratings file, items likewise or by the item map. Each test
// line must be a rating of the dataset; everything else is trained on. A negative that is the held-out item is dropped
// and counted. Adds the files to `inputs`. Throws Error(kInput) with FILE:LINE.
NcfSplit read_ncf_files(const engine::Dataset& dataset, const DatasetSpec& spec,
                        std::vector<engine::InputFile>& inputs);

}  // namespace matinee::host
