#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/data/ratings.h"

namespace matinee::host {

// The entries of each user, in the order of the file. 8 bytes a rating.
class EntriesByUser {
 public:
  explicit EntriesByUser(const engine::Ratings& ratings);

  std::span<const int64_t> of(int32_t user) const {
    const int64_t begin = offsets_[static_cast<std::size_t>(user)];
    const int64_t end = offsets_[static_cast<std::size_t>(user) + 1];
    return {entries_.data() + begin, static_cast<std::size_t>(end - begin)};
  }

 protected:
  std::vector<int64_t> offsets_;  // (users + 1)
  std::vector<int64_t> entries_;
};

// Finds the entry of a (user, item) pair in O(log ratings of the user). No pair may stand twice.
class EntryIndex : private EntriesByUser {
 public:
  explicit EntryIndex(const engine::Ratings& ratings);
  std::optional<int64_t> find(int32_t user, int32_t item) const;

 private:
  const engine::Ratings& ratings_;
};

}  // namespace matinee::host
