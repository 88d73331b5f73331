#include <algorithm>

#include "kernels/factorization/for_strata.h"
#include "kernels/factorization/fp16_rows_cpu.h"
#include "kernels/factorization/pair_epoch.h"
#include "kernels/factorization/prefetch_rows.h"
#include "kernels/support/multiversion.h"
#include "kernels/support/processor_level.h"

namespace matinee::factorization {
namespace {

constexpr int64_t kEntriesAhead = 2 * kRatingsAhead;  // a pair is two entries

// One step on one pair; returns its error.
template <bool biases, typename T>
[[gnu::always_inline]] inline double descend(int32_t user, int32_t positive, int32_t negative,
                                             const Objective& objective, float learning_rate,
                                             const RoundingDraws& draws, const FactorsView<T, float>& model) {
  const RatingStep step = rating_step(objective, learning_rate, share_of(objective.user_shares, user),
                                      share_of(objective.item_shares, positive));
  const float x = predictor(model, user, positive) - predictor(model, user, negative);
  const float error = rating_error<Link::kLogOdds>(1.0f, x);
  update_pair(model.user_factors.row(user), model.item_factors.row(positive), model.item_factors.row(negative),
              model.user_factors.stride, RowStep(error, step), draws);
  if constexpr (biases) {
    update_bias(model.item_biases[positive], error, learning_rate, step.item_bias_penalty);
    update_bias(model.item_biases[negative], -error, learning_rate, step.item_bias_penalty);
  }
  return static_cast<double>(error);
}

template <typename T, bool biases>
[[gnu::always_inline]] inline double block_of(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                              const EpochOptions& options) {
  const Rating* const entries = operands.blocks().ratings().data();
  const Objective objective = operands.objective();
  const FactorsView<T, float> model = operands.stored<T>();
  const uint64_t key = options.rounding_key;
  const float learning_rate = options.learning_rate;
  double squares = 0;
  for (std::size_t tile = 0; tile + 1 < tiles.size(); ++tile) {
    double tile_squares = 0;
    for (int64_t n = tiles[tile]; n + 1 < tiles[tile + 1]; n += 2) {
      for (int64_t next = n + kEntriesAhead; next < std::min(n + kEntriesAhead + 2, tiles.back()); ++next) {
        prefetch_rows<kForWriting>(entries[next], model);
      }
      const double error = descend<biases>(entries[n].user, entries[n].item, entries[n + 1].item, objective,
                                           learning_rate, RoundingDraws(key, n), model);
      tile_squares += error * error;
    }
    squares += tile_squares;
  }
  return squares;
}

template <typename T>
[[gnu::always_inline]] inline double block_of(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                              const EpochOptions& options) {
  return operands.objective().biases ? block_of<T, true>(tiles, operands, options)
                                     : block_of<T, false>(tiles, operands, options);
}

// Half: what rows of fp16 are taken for.
template <typename Half>
[[gnu::always_inline]] inline double stored_block_of(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                                     const EpochOptions& options) {
  if (operands.storage() == Storage::kFp16) return block_of<Half>(tiles, operands, options);
  if (operands.storage() == Storage::kBf16) return block_of<Bf16>(tiles, operands, options);
  return block_of<float>(tiles, operands, options);
}

MATINEE_V4 double pair_block_v4(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                const EpochOptions& options) {
  return stored_block_of<Fp16OfRegisters<16>>(tiles, operands, options);
}
MATINEE_V3 double pair_block_v3(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                const EpochOptions& options) {
  return stored_block_of<Fp16OfRegisters<8>>(tiles, operands, options);
}
double pair_block(std::span<const int64_t> tiles, const TrainingOperands& operands, const EpochOptions& options) {
  return stored_block_of<Fp16>(tiles, operands, options);
}
MATINEE_RACES_ON_PURPOSE double racing_pair_block(std::span<const int64_t> tiles, const TrainingOperands& operands,
                                                  const EpochOptions& options) {
  return stored_block_of<Fp16>(tiles, operands, options);
}

}  // namespace

double pair_epoch_cpu(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                      const EpochOptions& options) {
  const auto block =
      by_level(pair_block_v4, pair_block_v3, options.updates == Updates::kOrdered ? pair_block : racing_pair_block);
  return sum_over_strata(context, operands.blocks(), strata, options.updates,
                         [&](std::span<const int64_t> tiles) { return block(tiles, operands, options); });
}

}  // namespace matinee::factorization
