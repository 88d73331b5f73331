#include "host/readers/ncf_files.h"
#include "host/readers/read_dataset.h"
#include "host/readers/split_files.h"

namespace matinee::host {

namespace {

// One fold a repeat. A split that does not depend on the seed is made once.
PreparedSplit make_repeats(Context& context, const engine::Dataset& dataset, DatasetSpec spec, uint64_t seed) {
  const auto repeats = static_cast<std::size_t>(spec.split.repeats);
  spec.split.repeats = 1;
  PreparedSplit prepared = make_split(context, dataset, spec, seed);
  for (std::size_t repeat = 1; repeat < repeats; ++repeat) {
    prepared.split.folds.push_back(
        spec.split.kind == SplitKind::kRandom
            ? engine::random_split(dataset.ratings, spec.split.test_share, seed + repeat).folds.front()
            : prepared.split.folds.front());
    prepared.sampled.push_back(prepared.sampled.front());
  }
  return prepared;
}

}  // namespace

PreparedSplit make_split(Context& context, const engine::Dataset& dataset, const DatasetSpec& spec, uint64_t seed) {
  if (spec.split.repeats > 1) return make_repeats(context, dataset, spec, seed);
  PreparedSplit prepared;
  const engine::Ratings& ratings = dataset.ratings;
  const SplitSpec& split = spec.split;
  switch (split.kind) {
    case SplitKind::kNone:
      break;
    case SplitKind::kRandom:
      prepared.split = engine::random_split(ratings, split.test_share, seed);
      break;
    case SplitKind::kLeaveLastOut:
      prepared.split = engine::leave_last_out_split(ratings, split.by_file_order);
      break;
    case SplitKind::kTemporal:
      prepared.split = engine::temporal_split(ratings, split.test_share);
      break;
    case SplitKind::kKFold:
      prepared.split = engine::k_fold_split(ratings, static_cast<int>(split.folds), seed);
      break;
    case SplitKind::kFiles:
      prepared.split = read_split_files(context, dataset, spec, prepared.inputs);
      break;
    case SplitKind::kNcf: {
      NcfSplit ncf = read_ncf_files(dataset, spec, prepared.inputs);
      prepared.split = std::move(ncf.split);
      prepared.sampled.emplace_back(std::move(ncf.sampled));
      break;
    }
  }
  prepared.sampled.resize(prepared.split.folds.size());
  return prepared;
}

}  // namespace matinee::host
