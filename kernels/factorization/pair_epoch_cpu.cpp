#include <algorithm>

#include "kernels/factorization/for_strata.h"
#include "kernels/factorization/pair_epoch.h"
#include "kernels/factorization/prefetch_rows.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization::cpu {
namespace {

constexpr std::size_t kAhead = 2 * kRatingsAhead;  // a pair is two entries

template <bool biases>
[[gnu::always_inline]] inline double pair_block_of(std::span<const Rating> ratings, const Objective& objective,
                                                   float learning_rate, const FactorsView<float>& model) {
  const int64_t stride = model.user_factors.stride;
  double squares = 0;
  for (std::size_t n = 0; n + 1 < ratings.size(); n += 2) {
    for (std::size_t next = n + kAhead; next < std::min(n + kAhead + 2, ratings.size()); ++next) {
      prefetch_rows<kForWriting>(ratings[next], model);
    }
    const int32_t user = ratings[n].user, positive = ratings[n].item, negative = ratings[n + 1].item;
    const float user_share = objective.user_shares[user], item_share = objective.item_shares[positive];
    const RatingStep step = {learning_rate, objective.user_penalty * user_share, objective.item_penalty * item_share, 0,
                             objective.item_bias_penalty * item_share};
    const float x = predictor(model, user, positive) - predictor(model, user, negative);
    const float error = 1.0f - logistic(x);
    update_pair(model.user_factors.row(user), model.item_factors.row(positive), model.item_factors.row(negative),
                stride, error, step);
    if constexpr (biases) {
      update_bias(model.item_biases[positive], error, learning_rate, step.item_bias_penalty);
      update_bias(model.item_biases[negative], -error, learning_rate, step.item_bias_penalty);
    }
    squares += static_cast<double>(error) * static_cast<double>(error);
  }
  return squares;
}

MATINEE_MULTIVERSION
double pair_block(std::span<const Rating> ratings, const Objective& objective, float learning_rate,
                  const FactorsView<float>& model) {
  return objective.biases ? pair_block_of<true>(ratings, objective, learning_rate, model)
                          : pair_block_of<false>(ratings, objective, learning_rate, model);
}

}  // namespace

double pair_epoch(Context& context, const RatingBlocks& blocks, std::span<const int32_t> strata,
                  const Objective& objective, float learning_rate, const FactorsView<float>& model) {
  return sum_over_strata(context, blocks, strata, [&](std::span<const Rating> ratings) {
    return pair_block(ratings, objective, learning_rate, model);
  });
}

}  // namespace matinee::factorization::cpu
