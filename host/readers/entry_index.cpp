#include "host/readers/entry_index.h"

#include <algorithm>

namespace matinee::host {

EntriesByUser::EntriesByUser(const engine::Ratings& ratings)
    : offsets_(static_cast<std::size_t>(ratings.user_count) + 1, 0), entries_(ratings.users.size()) {
  for (const int32_t user : ratings.users) ++offsets_[static_cast<std::size_t>(user) + 1];
  for (std::size_t user = 1; user < offsets_.size(); ++user) offsets_[user] += offsets_[user - 1];
  std::vector<int64_t> next(offsets_.begin(), offsets_.end() - 1);
  for (int64_t entry = 0; entry < ratings.size(); ++entry) {
    const auto user = static_cast<std::size_t>(ratings.users[static_cast<std::size_t>(entry)]);
    entries_[static_cast<std::size_t>(next[user]++)] = entry;
  }
}

EntryIndex::EntryIndex(const engine::Ratings& ratings) : EntriesByUser(ratings), ratings_(ratings) {
  for (std::size_t user = 0; user + 1 < offsets_.size(); ++user) {
    std::sort(entries_.begin() + offsets_[user], entries_.begin() + offsets_[user + 1], [&](int64_t a, int64_t b) {
      return ratings.items[static_cast<std::size_t>(a)] < ratings.items[static_cast<std::size_t>(b)];
    });
  }
}

std::optional<int64_t> EntryIndex::find(int32_t user, int32_t item) const {
  const auto entries = of(user);
  const auto found = std::lower_bound(entries.begin(), entries.end(), item, [&](int64_t entry, int32_t wanted) {
    return ratings_.items[static_cast<std::size_t>(entry)] < wanted;
  });
  if (found == entries.end() || ratings_.items[static_cast<std::size_t>(*found)] != item) return std::nullopt;
  return *found;
}

}  // namespace matinee::host
