#include "kernels/factorization/for_strata.h"
#include "kernels/factorization/prefetch_rows.h"
#include "kernels/factorization/sgd_epoch.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization {
namespace {

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
  if (operands.objective().link == Link::kLogOdds) {
    return biases ? sgd_block_of<Link::kLogOdds, true>(tiles, operands, learning_rate)
                  : sgd_block_of<Link::kLogOdds, false>(tiles, operands, learning_rate);
  }
  if (operands.objective().link == Link::kIdentity) {
    return biases ? sgd_block_of<Link::kIdentity, true>(tiles, operands, learning_rate)
                  : sgd_block_of<Link::kIdentity, false>(tiles, operands, learning_rate);
  }
  return biases ? sgd_block_of<Link::kLogistic, true>(tiles, operands, learning_rate)
                : sgd_block_of<Link::kLogistic, false>(tiles, operands, learning_rate);
}

}  // namespace

double sgd_epoch_cpu(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                     float learning_rate) {
  return sum_over_strata(context, operands.blocks(), strata,
                         [&](std::span<const int64_t> tiles) { return sgd_block(tiles, operands, learning_rate); });
}

}  // namespace matinee::factorization
