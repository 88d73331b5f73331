#include "kernels/factorization/for_strata.h"
#include "kernels/factorization/fp16_rows_cpu.h"
#include "kernels/factorization/prefetch_rows.h"
#include "kernels/factorization/sgd_epoch.h"
#include "kernels/support/multiversion.h"
#include "kernels/support/processor_level.h"

namespace matinee::factorization {
namespace {

// One step on one rating; returns its error.
template <Link link, bool biases, typename T>
[[gnu::always_inline]] inline double descend(const Rating& rating, const Objective& objective, float learning_rate,
                                             const RoundingDraws& draws, const FactorsView<T, float>& model) {
  const RatingStep step = rating_step(objective, learning_rate, share_of(objective.user_shares, rating.user),
                                      share_of(objective.item_shares, rating.item));
  const float error = rating_error<link>(rating.value, predictor(model, rating.user, rating.item));
  const float gradient = rating_gradient<link>(rating.value, error);
  update_factors(model.user_factors.row(rating.user), model.item_factors.row(rating.item), model.user_factors.stride,
                 RowStep(gradient, step), draws);
  if constexpr (biases) {
    update_bias(model.user_biases[rating.user], gradient, learning_rate, step.user_bias_penalty);
    update_bias(model.item_biases[rating.item], gradient, learning_rate, step.item_bias_penalty);
  }
  return static_cast<double>(error);
}

template <typename T, Link link, bool biases>
[[gnu::always_inline]] inline double block_of(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                              const EpochOptions& options) {
  const Rating* const ratings = operands.blocks().ratings().data();
  const Objective objective = operands.objective();
  const FactorsView<T, float> model = operands.stored<T>();
  const uint64_t key = options.rounding_key;
  const float learning_rate = options.learning_rate;
  double squares = 0;
  for (std::size_t tile = 0; tile + 1 < tiles.size(); ++tile) {
    double tile_squares = 0;
    for (int64_t n = tiles[tile]; n < tiles[tile + 1]; ++n) {
      if (n + kRatingsAhead < tiles.back()) prefetch_rows<kForWriting>(ratings[n + kRatingsAhead], model);
      const double error = descend<link, biases>(ratings[n], objective, learning_rate, RoundingDraws(key, n), model);
      tile_squares += error * error;
    }
    squares += tile_squares;
  }
  return squares;
}

template <typename T, Link link>
[[gnu::always_inline]] inline double block_of(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                              const EpochOptions& options) {
  return operands.objective().biases ? block_of<T, link, true>(tiles, operands, options)
                                     : block_of<T, link, false>(tiles, operands, options);
}

template <typename T>
[[gnu::always_inline]] inline double block_of(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                              const EpochOptions& options) {
  const Link link = operands.objective().link;
  if (link == Link::kLogOdds) return block_of<T, Link::kLogOdds>(tiles, operands, options);
  if (link == Link::kIdentity) return block_of<T, Link::kIdentity>(tiles, operands, options);
  return block_of<T, Link::kLogistic>(tiles, operands, options);
}

// Half: what rows of fp16 are taken for.
template <typename Half>
[[gnu::always_inline]] inline double stored_block_of(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                                     const EpochOptions& options) {
  if (operands.storage() == Storage::kFp16) return block_of<Half>(tiles, operands, options);
  if (operands.storage() == Storage::kBf16) return block_of<Bf16>(tiles, operands, options);
  return block_of<float>(tiles, operands, options);
}

MATINEE_V4 double sgd_block_v4(std::span<const int64_t> tiles, const TrainingOperands& operands,
                               const EpochOptions& options) {
  return stored_block_of<Fp16OfRegisters<16>>(tiles, operands, options);
}
MATINEE_V3 double sgd_block_v3(std::span<const int64_t> tiles, const TrainingOperands& operands,
                               const EpochOptions& options) {
  return stored_block_of<Fp16OfRegisters<8>>(tiles, operands, options);
}
double sgd_block(std::span<const int64_t> tiles, const TrainingOperands& operands, const EpochOptions& options) {
  return stored_block_of<Fp16>(tiles, operands, options);
}
MATINEE_RACES_ON_PURPOSE double racing_sgd_block(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                                 const EpochOptions& options) {
  return stored_block_of<Fp16>(tiles, operands, options);
}

}  // namespace

double sgd_epoch_cpu(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                     const EpochOptions& options) {
  const auto block =
      by_level(sgd_block_v4, sgd_block_v3, options.updates == Updates::kOrdered ? sgd_block : racing_sgd_block);
  return sum_over_strata(context, operands.blocks(), strata, options.updates,
                         [&](std::span<const int64_t> tiles) { return block(tiles, operands, options); });
}

}  // namespace matinee::factorization
