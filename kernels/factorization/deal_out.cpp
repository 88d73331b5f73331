#include "kernels/factorization/deal_out.h"

#include <numeric>

namespace matinee::factorization {

std::vector<uint16_t> deal_out(std::span<const int64_t> counts, int32_t groups, uint64_t seed, uint64_t part) {
  std::vector<int32_t> order(counts.size());
  std::iota(order.begin(), order.end(), 0);
  shuffle(std::span(order), seed, part);
  const int64_t total = std::reduce(counts.begin(), counts.end());
  std::vector<uint16_t> group_of(counts.size());
  int64_t before = 0;
  for (const int32_t row : order) {
    const int64_t count = counts[static_cast<std::size_t>(row)];
    const int64_t middle = before + count / 2;  // a heavy row goes where most of it lies
    group_of[static_cast<std::size_t>(row)] =
        static_cast<uint16_t>(middle >= total ? groups - 1 : middle * groups / total);
    before += count;
  }
  return group_of;
}

}  // namespace matinee::factorization
