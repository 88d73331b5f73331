#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace matinee::engine {

// External ids (any text) <-> dense indices 0, 1, 2 … in order of insertion. Ids are compared as text: "7" is not "07".
class IdMap {
 public:
  IdMap() = default;
  IdMap(IdMap&&) = default;
  IdMap& operator=(IdMap&&) = default;

  // The index of `id`, which is added where it is new. Throws Error(kInput) beyond 2^31 - 1 ids.
  int32_t insert(std::string_view id);
  std::optional<int32_t> find(std::string_view id) const;
  const std::string& id(int32_t index) const { return ids_[static_cast<std::size_t>(index)]; }
  int32_t size() const { return static_cast<int32_t>(ids_.size()); }

 private:
  std::deque<std::string> ids_;  // a deque: the keys below point into it
  std::unordered_map<std::string_view, int32_t> index_;
};

}  // namespace matinee::engine
