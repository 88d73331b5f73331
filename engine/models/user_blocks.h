#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <span>
#include <vector>

namespace matinee::engine {

// Users whose scores for all items are held at once: about 32 MiB of them.
inline int64_t users_at_once(int64_t users, int64_t items) {
  constexpr int64_t kBytes = int64_t{32} << 20;
  return std::clamp<int64_t>(kBytes / std::max<int64_t>(items * 4, 1), 1, std::max<int64_t>(users, 1));
}

// Calls body(numbers) for consecutive blocks of the users 0 .. users - 1.
template <typename Body>
void for_user_blocks(int64_t users, int64_t items, const Body& body) {
  const int64_t rows = users_at_once(users, items);
  for (int64_t begin = 0; begin < users; begin += rows) {
    std::vector<int32_t> numbers(static_cast<std::size_t>(std::min(rows, users - begin)));
    std::iota(numbers.begin(), numbers.end(), static_cast<int32_t>(begin));
    body(std::span<const int32_t>(numbers));
  }
}

}  // namespace matinee::engine
