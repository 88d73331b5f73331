#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "kernels/factorization/epoch_options.h"
#include "kernels/factorization/rating_blocks.h"
#include "kernels/support/context.h"

namespace matinee::factorization {

// How many blocks of each group are done: a block may begin when those before it in its user group and in its item
// group are. No barrier between strata: who is held up holds up nobody else for long.
class BlocksDone {
 public:
  void wait_for(int32_t group, int64_t blocks) {
    std::atomic<int64_t>& done = done_[static_cast<std::size_t>(group)];
    for (int64_t now = done.load(std::memory_order_acquire); now < blocks; now = done.load(std::memory_order_acquire)) {
      done.wait(now, std::memory_order_acquire);
    }
  }
  void advance(int32_t group) {
    std::atomic<int64_t>& done = done_[static_cast<std::size_t>(group)];
    done.fetch_add(1, std::memory_order_release);
    done.notify_all();
  }

 private:
  std::array<std::atomic<int64_t>, RatingBlocks::kMaximumGroups> done_ = {};
};

// Σ of block(offsets of a block's tiles) over the blocks of the strata, in their order. On the CPU, in parallel: a
// block starts when those before it that share its users or its items are done. The order of additions is that of
// strata and groups. With lock-free updates a block waits for nobody.
template <typename Block>
double sum_over_strata(Context& context, const RatingBlocks& blocks, std::span<const int32_t> strata, Updates updates,
                       const Block& block) {
  BlocksDone of_users, of_items;
  std::vector<double> sums(strata.size() * static_cast<std::size_t>(blocks.groups()));
  // Tasks begin in rising order, so the lowest one that is not done never waits.
  const auto work = [&](int64_t task, int) {
    const int64_t place = task / blocks.groups();
    const auto user_group = static_cast<int32_t>(task % blocks.groups());
    const int32_t item_group = blocks.stratum_item_group(strata[static_cast<std::size_t>(place)], user_group);
    if (updates == Updates::kOrdered) {
      of_users.wait_for(user_group, place);
      of_items.wait_for(item_group, place);
    }
    sums[static_cast<std::size_t>(task)] = block(blocks.block_offsets(user_group, item_group));
    if (updates == Updates::kLockFree) return;
    of_users.advance(user_group);
    of_items.advance(item_group);
  };
  context.pool().run(static_cast<int64_t>(sums.size()), std::cref(work));
  double sum = 0;
  for (const double part : sums) sum += part;
  return sum;
}

}  // namespace matinee::factorization
