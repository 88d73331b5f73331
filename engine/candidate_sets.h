#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace matinee::engine {

// For each user the items that a list may be made of, none of them rated in training. Rows as in SparseView: items
// rise.
struct CandidateSets {
  std::vector<int64_t> offsets = {0};  // (users + 1)
  std::vector<int32_t> items;
  int64_t most = 0;  // that each source gave a user at most

  int64_t users() const { return static_cast<int64_t>(offsets.size()) - 1; }
  std::span<const int32_t> of(int32_t user) const {
    const auto row = static_cast<std::size_t>(user);
    return std::span(items).subspan(static_cast<std::size_t>(offsets[row]),
                                    static_cast<std::size_t>(offsets[row + 1] - offsets[row]));
  }
};

}  // namespace matinee::engine
