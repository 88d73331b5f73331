#include "host/readers/duplicates.h"

#include <algorithm>

#include "host/readers/entry_index.h"

namespace matinee::host {

std::vector<Duplicate> find_duplicates(Context& context, const engine::Ratings& ratings) {
  constexpr int64_t kUsersPerTask = 1024;
  const EntriesByUser entries(ratings);
  struct Seen {
    int32_t user = -1;
    int64_t entry = 0;
  };
  std::vector<std::vector<Seen>> scratch(static_cast<std::size_t>(context.threads()));
  std::vector<std::vector<Duplicate>> found(static_cast<std::size_t>(context.threads()));
  parallel_blocks(context, ratings.user_count, kUsersPerTask, [&](int64_t begin, int64_t end, int worker) {
    auto& seen = scratch[static_cast<std::size_t>(worker)];
    seen.resize(static_cast<std::size_t>(ratings.item_count));
    for (auto user = static_cast<int32_t>(begin); user < end; ++user) {
      for (const int64_t entry : entries.of(user)) {
        Seen& last = seen[static_cast<std::size_t>(ratings.items[static_cast<std::size_t>(entry)])];
        if (last.user == user) found[static_cast<std::size_t>(worker)].push_back({last.entry, entry});
        last = {user, entry};
      }
    }
  });
  std::vector<Duplicate> all;
  for (const auto& part : found) all.insert(all.end(), part.begin(), part.end());
  std::sort(all.begin(), all.end(), [](const Duplicate& a, const Duplicate& b) { return a.second < b.second; });
  return all;
}

void drop_duplicates(engine::Ratings& ratings, const std::vector<Duplicate>& duplicates, bool keep_last) {
  if (duplicates.empty()) return;
  std::vector<bool> dropped(static_cast<std::size_t>(ratings.size()), false);
  for (const Duplicate& pair : duplicates) {
    dropped[static_cast<std::size_t>(keep_last ? pair.first : pair.second)] = true;
  }
  const auto compact = [&](auto& column) {
    if (column.empty()) return;
    std::size_t kept = 0;
    for (std::size_t entry = 0; entry < column.size(); ++entry) {
      if (!dropped[entry]) column[kept++] = column[entry];
    }
    column.resize(kept);
  };
  compact(ratings.users);
  compact(ratings.items);
  compact(ratings.levels);
  compact(ratings.timestamps);
}

}  // namespace matinee::host
