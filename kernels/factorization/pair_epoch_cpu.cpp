#include <algorithm>

#include "kernels/factorization/for_strata.h"
#include "kernels/factorization/pair_epoch.h"
#include "kernels/factorization/prefetch_rows.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization {
namespace {

constexpr int64_t kEntriesAhead = 2 * kRatingsAhead;  // a pair is two entries

// One step on one pair; returns its error.
template <bool biases>
[[gnu::always_inline]] inline double descend(int32_t user, int32_t positive, int32_t negative,
                                             const Objective& objective, float learning_rate,
                                             const FactorsView<float>& model) {
  const RatingStep step = rating_step(objective, learning_rate, share_of(objective.user_shares, user),
                                      share_of(objective.item_shares, positive));
  const float x = predictor(model, user, positive) - predictor(model, user, negative);
  const float error = rating_error<Link::kLogOdds>(1.0f, x);
  update_pair(model.user_factors.row(user), model.item_factors.row(positive), model.item_factors.row(negative),
              model.user_factors.stride, PairStep(error, step));
  if constexpr (biases) {
    update_bias(model.item_biases[positive], error, learning_rate, step.item_bias_penalty);
    update_bias(model.item_biases[negative], -error, learning_rate, step.item_bias_penalty);
  }
  return static_cast<double>(error);
}

template <bool biases>
[[gnu::always_inline]] inline double pair_block_of(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                                   float learning_rate) {
  const Rating* const entries = operands.blocks().ratings().data();
  const Objective objective = operands.objective();
  const FactorsView<float> model = operands.model();
  double squares = 0;
  for (std::size_t tile = 0; tile + 1 < tiles.size(); ++tile) {
    double tile_squares = 0;
    for (int64_t n = tiles[tile]; n + 1 < tiles[tile + 1]; n += 2) {
      for (int64_t next = n + kEntriesAhead; next < std::min(n + kEntriesAhead + 2, tiles.back()); ++next) {
        prefetch_rows<kForWriting>(entries[next], model);
      }
      const double error =
          descend<biases>(entries[n].user, entries[n].item, entries[n + 1].item, objective, learning_rate, model);
      tile_squares += error * error;
    }
    squares += tile_squares;
  }
  return squares;
}

MATINEE_MULTIVERSION
double pair_block(std::span<const int64_t> tiles, const TrainingOperands& operands, float learning_rate) {
  return operands.objective().biases ? pair_block_of<true>(tiles, operands, learning_rate)
                                     : pair_block_of<false>(tiles, operands, learning_rate);
}

}  // namespace

double pair_epoch_cpu(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                      float learning_rate) {
  return sum_over_strata(context, operands.blocks(), strata,
                         [&](std::span<const int64_t> tiles) { return pair_block(tiles, operands, learning_rate); });
}

}  // namespace matinee::factorization
