#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>

#include "kernels/factorization/rating_blocks.h"
#include "kernels/support/context.h"

namespace matinee::factorization {

// Σ of block(offsets of a block's tiles) over the blocks of the strata, in their order; the blocks of a stratum run in
// parallel on the CPU. The order of additions is that of strata and groups. Allocates nothing.
template <typename Block>
double sum_over_strata(Context& context, const RatingBlocks& blocks, std::span<const int32_t> strata,
                       const Block& block) {
  double sum = 0;
  std::array<double, RatingBlocks::kMaximumGroups> parts;
  for (const int32_t stratum : strata) {
    const auto work = [&](int64_t group, int) {
      const auto user_group = static_cast<int32_t>(group);
      parts[static_cast<std::size_t>(group)] =
          block(blocks.block_offsets(user_group, blocks.stratum_item_group(stratum, user_group)));
    };
    context.pool().run(blocks.groups(), std::cref(work));
    for (int32_t group = 0; group < blocks.groups(); ++group) sum += parts[static_cast<std::size_t>(group)];
  }
  return sum;
}

}  // namespace matinee::factorization
