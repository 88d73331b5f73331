#include "engine/models/stored_candidates.h"

#include <algorithm>
#include <functional>
#include <span>

#include "kernels/support/error.h"

namespace matinee::engine {

void add_candidates(const CandidateSets& sets, const int64_t& items, TensorWriter& file) {
  file.add("candidate_offsets", sets.offsets);
  file.add("candidate_items", sets.items);
  file.add<int64_t>("most", std::span(&sets.most, 1), {1});
  file.add<int64_t>("item_count", std::span(&items, 1), {1});
}

StoredCandidates read_candidates(const TensorFile& file) {
  StoredCandidates stored;
  stored.sets.offsets = file.vector<int64_t>("candidate_offsets");
  stored.sets.items = file.vector<int32_t>("candidate_items");
  stored.sets.most = file.get<int64_t>("most", {1})[0];
  stored.items = file.get<int64_t>("item_count", {1})[0];
  const auto& offsets = stored.sets.offsets;
  bool sound = !offsets.empty() && offsets.front() == 0 &&
               offsets.back() == static_cast<int64_t>(stored.sets.items.size()) &&
               std::is_sorted(offsets.begin(), offsets.end());
  for (int64_t user = 0; sound && user < stored.sets.users(); ++user) {
    const auto items = stored.sets.of(static_cast<int32_t>(user));
    sound = std::adjacent_find(items.begin(), items.end(), std::greater_equal<>()) == items.end() &&
            (items.empty() || (items.front() >= 0 && items.back() < stored.items));
  }
  if (!sound) {
    fail(ErrorKind::kArtifact,
         "{}: the lists of candidates do not fit together or name items that are not among the {}: publish an intact "
         "run (matinee rollback) or train again",
         file.path().string(), stored.items);
  }
  return stored;
}

}  // namespace matinee::engine
