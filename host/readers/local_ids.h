#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace matinee::host {

// The ids of one block, numbered by first appearance. Keeps views only: the block must live as long.
class LocalIds {
 public:
  // The number of `id`, and whether it is new.
  std::pair<int32_t, bool> insert(std::string_view id) {
    if (!ids_.empty() && ids_[static_cast<std::size_t>(last_)] == id) return {last_, false};
    if (2 * (ids_.size() + 1) > slots_.size()) grow();
    const std::size_t hash = std::hash<std::string_view>{}(id);
    std::size_t slot = hash & (slots_.size() - 1);
    while (slots_[slot] >= 0) {
      const auto number = static_cast<std::size_t>(slots_[slot]);
      if (hashes_[number] == hash && ids_[number] == id) return {last_ = slots_[slot], false};
      slot = (slot + 1) & (slots_.size() - 1);
    }
    last_ = static_cast<int32_t>(ids_.size());
    slots_[slot] = last_;
    ids_.push_back(id);
    hashes_.push_back(hash);
    return {last_, true};
  }

  const std::vector<std::string_view>& ids() const { return ids_; }

 private:
  void grow() {
    slots_.assign(slots_.empty() ? 256 : 2 * slots_.size(), -1);
    for (std::size_t number = 0; number < ids_.size(); ++number) {
      std::size_t slot = hashes_[number] & (slots_.size() - 1);
      while (slots_[slot] >= 0) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = static_cast<int32_t>(number);
    }
  }

  std::vector<std::string_view> ids_;
  std::vector<std::size_t> hashes_;
  std::vector<int32_t> slots_;  // open addressing; a power of two; -1: free
  int32_t last_ = 0;            // lines of one user stand together in most files
};

}  // namespace matinee::host
