#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>

#include "kernels/factorization/rating_blocks.h"
#include "kernels/support/context.h"

namespace matinee::factorization::cpu {

// Σ of block(ratings of a block) over the blocks of the strata, in their order; the blocks of a stratum run in
// parallel. The order of additions is that of strata and groups. Allocates nothing.
template <typename Block>
double sum_over_strata(Context& context, const RatingBlocks& blocks, std::span<const int32_t> strata,
                       const Block& block) {
  double sum = 0;
  std::array<double, RatingBlocks::kMaximumGroups> parts;
  for (const int32_t stratum : strata) {
    const auto work = [&](int64_t group, int) {
      parts[static_cast<std::size_t>(group)] = block(blocks.stratum_block(stratum, static_cast<int32_t>(group)));
    };
    context.pool().run(blocks.groups(), std::cref(work));
    for (int32_t group = 0; group < blocks.groups(); ++group) sum += parts[static_cast<std::size_t>(group)];
  }
  return sum;
}

}  // namespace matinee::factorization::cpu
