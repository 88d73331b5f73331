#include "engine/bench/bench_ratings.h"

#include <algorithm>

#include "kernels/support/philox.h"

namespace matinee::engine {

BenchRatings bench_ratings() {
  constexpr int32_t kUsers = 2000, kItems = 2000;
  constexpr uint64_t kDraws = 150;  // with repetitions, which count once
  const Philox draws(1, stream_id(RandomStream::kSynthetic));
  BenchRatings ratings;
  SparseRatings& rows = ratings.by_user;
  rows.rows = kUsers;
  rows.columns = kItems;
  uint64_t next = 0;
  for (int32_t user = 0; user < kUsers; ++user) {
    std::vector<int32_t> items;
    for (uint64_t draw = 0; draw < kDraws; ++draw) {
      const double place = draws.uniform(next++);
      items.push_back(static_cast<int32_t>(place * place * kItems));
    }
    std::sort(items.begin(), items.end());
    items.erase(std::unique(items.begin(), items.end()), items.end());
    for (const int32_t item : items) {
      rows.indices.push_back(item);
      rows.levels.push_back(static_cast<uint8_t>(1 + draws.below(next++, 10)));
    }
    rows.offsets.push_back(rows.size());
  }
  ratings.by_item = transposed(rows);
  return ratings;
}

}  // namespace matinee::engine
