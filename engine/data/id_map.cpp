#include "engine/data/id_map.h"

#include <limits>

#include "kernels/support/error.h"

namespace matinee::engine {

int32_t IdMap::insert(std::string_view id) {
  if (const auto found = index_.find(id); found != index_.end()) return found->second;
  if (ids_.size() >= static_cast<std::size_t>(std::numeric_limits<int32_t>::max())) {
    fail(ErrorKind::kInput, "more than 2^31 - 1 distinct ids");
  }
  const auto index = static_cast<int32_t>(ids_.size());
  index_.emplace(ids_.emplace_back(id), index);
  return index;
}

std::optional<int32_t> IdMap::find(std::string_view id) const {
  const auto found = index_.find(id);
  return found == index_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace matinee::engine
