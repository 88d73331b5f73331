#include <array>
#include <atomic>
#include <functional>
#include <vector>

#include "kernels/factorization/prefetch_rows.h"
#include "kernels/factorization/sgd_epoch.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization {
namespace {

constexpr float share_of(const float* shares, int32_t row) {
  return shares == nullptr ? 1.0f : shares[row];
}

// One step on one rating; returns its error.
template <Link link, bool biases>
[[gnu::always_inline]] inline double descend(const Rating& rating, const Objective& objective, float learning_rate,
                                             const FactorsView<float>& model) {
  const RatingStep step = rating_step(objective, learning_rate, share_of(objective.user_shares, rating.user),
                                      share_of(objective.item_shares, rating.item));
  const float error = rating_error<link>(rating.value, predictor(model, rating.user, rating.item));
  const float gradient = rating_gradient<link>(rating.value, error);
  update_factors(model.user_factors.row(rating.user), model.item_factors.row(rating.item), model.user_factors.stride,
                 gradient, step);
  if constexpr (biases) {
    update_bias(model.user_biases[rating.user], gradient, learning_rate, step.user_bias_penalty);
    update_bias(model.item_biases[rating.item], gradient, learning_rate, step.item_bias_penalty);
  }
  return static_cast<double>(error);
}

template <Link link, bool biases>
[[gnu::always_inline]] inline double sgd_block_of(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                                  float learning_rate) {
  const Rating* const ratings = operands.blocks().ratings().data();
  const Objective objective = operands.objective();
  const FactorsView<float> model = operands.model();
  double squares = 0;
  for (std::size_t tile = 0; tile + 1 < tiles.size(); ++tile) {
    double tile_squares = 0;
    for (int64_t n = tiles[tile]; n < tiles[tile + 1]; ++n) {
      if (n + kRatingsAhead < tiles.back()) prefetch_rows<kForWriting>(ratings[n + kRatingsAhead], model);
      const double error = descend<link, biases>(ratings[n], objective, learning_rate, model);
      tile_squares += error * error;
    }
    squares += tile_squares;
  }
  return squares;
}

MATINEE_MULTIVERSION
double sgd_block(std::span<const int64_t> tiles, const TrainingOperands& operands, float learning_rate) {
  const bool biases = operands.objective().biases;
  if (operands.objective().link == Link::kIdentity) {
    return biases ? sgd_block_of<Link::kIdentity, true>(tiles, operands, learning_rate)
                  : sgd_block_of<Link::kIdentity, false>(tiles, operands, learning_rate);
  }
  return biases ? sgd_block_of<Link::kLogistic, true>(tiles, operands, learning_rate)
                : sgd_block_of<Link::kLogistic, false>(tiles, operands, learning_rate);
}

// How many blocks of each group are done: a block may begin when those before it in its user group and in its item
// group are. No barrier between strata: who is held up holds up nobody else for long.
class Progress {
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

}  // namespace

double sgd_epoch_cpu(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                     float learning_rate) {
  const RatingBlocks& blocks = operands.blocks();
  Progress of_users, of_items;
  std::vector<double> block_squares(strata.size() * static_cast<std::size_t>(blocks.groups()));
  // Tasks begin in rising order, so the lowest one that is not done never waits.
  const auto work = [&](int64_t task, int) {
    const int64_t place = task / blocks.groups();
    const auto user_group = static_cast<int32_t>(task % blocks.groups());
    const int32_t item_group = blocks.stratum_item_group(strata[static_cast<std::size_t>(place)], user_group);
    of_users.wait_for(user_group, place);
    of_items.wait_for(item_group, place);
    block_squares[static_cast<std::size_t>(task)] =
        sgd_block(blocks.block_offsets(user_group, item_group), operands, learning_rate);
    of_users.advance(user_group);
    of_items.advance(item_group);
  };
  context.pool().run(static_cast<int64_t>(block_squares.size()), std::cref(work));
  double squares = 0;
  for (const double block : block_squares) squares += block;
  return squares;
}

}  // namespace matinee::factorization
