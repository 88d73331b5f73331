#include "engine/models/most_popular.h"

#include <algorithm>

#include "kernels/support/error.h"

namespace matinee::engine {

int64_t MostPopular::host_bytes(const DataShape& shape) const {
  return shape.items * static_cast<int64_t>(sizeof(int64_t));
}

void MostPopular::train(Context&, const TrainingInput& input, TrainingMonitor&) {
  counts_.resize(static_cast<std::size_t>(input.by_item.rows));
  for (int32_t item = 0; item < input.by_item.rows; ++item) {
    counts_[static_cast<std::size_t>(item)] = input.by_item.row_size(item);
  }
}

void MostPopular::save(TensorWriter& file) const {
  file.add("counts", counts_);
}

void MostPopular::load(const TensorFile& file) {
  std::vector<int64_t> counts = file.vector<int64_t>("counts");
  const auto negative = std::find_if(counts.begin(), counts.end(), [](int64_t count) { return count < 0; });
  if (negative != counts.end()) {
    fail(ErrorKind::kArtifact, "{}: tensor counts: item {} has {} ratings; train again", file.path().string(),
         negative - counts.begin(), *negative);
  }
  counts_ = std::move(counts);
}

void MostPopular::score(Context& context, const History&, std::span<const int32_t> users,
                        MatrixView<float> scores) const {
  if (scores.columns != static_cast<int64_t>(counts_.size())) {
    fail(ErrorKind::kArtifact,
         "the most_popular model knows {} items where {} are to be scored; train it on these data", counts_.size(),
         scores.columns);
  }
  parallel_blocks(context, static_cast<int64_t>(users.size()), 16, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      std::transform(counts_.begin(), counts_.end(), scores.row(row),
                     [](int64_t count) { return static_cast<float>(count); });
    }
  });
}

}  // namespace matinee::engine
