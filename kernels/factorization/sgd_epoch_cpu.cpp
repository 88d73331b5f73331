#include "kernels/factorization/for_strata.h"
#include "kernels/factorization/prefetch_rows.h"
#include "kernels/factorization/sgd_epoch.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization::cpu {
namespace {

template <Link link, bool biases>
[[gnu::always_inline]] inline double sgd_block_of(std::span<const Rating> ratings, const Objective& objective,
                                                  float learning_rate, const FactorsView<float>& model) {
  const int64_t stride = model.user_factors.stride;
  double squares = 0;
  for (std::size_t n = 0; n < ratings.size(); ++n) {
    if (n + kRatingsAhead < ratings.size()) prefetch_rows<kForWriting>(ratings[n + kRatingsAhead], model);
    const Rating& rating = ratings[n];
    float* p = model.user_factors.row(rating.user);
    float* q = model.item_factors.row(rating.item);
    float& user_bias = model.user_biases[rating.user];
    float& item_bias = model.item_biases[rating.item];
    const float user_share = objective.user_shares[rating.user], item_share = objective.item_shares[rating.item];
    const RatingStep step = {learning_rate, objective.user_penalty * user_share, objective.item_penalty * item_share,
                             objective.user_bias_penalty * user_share, objective.item_bias_penalty * item_share};

    const float error = rating_error<link>(rating.value, predictor(model, rating.user, rating.item));
    const float gradient = rating_gradient<link>(rating.value, error);
    update_factors(p, q, stride, gradient, step);
    if constexpr (biases) {
      update_bias(user_bias, gradient, learning_rate, step.user_bias_penalty);
      update_bias(item_bias, gradient, learning_rate, step.item_bias_penalty);
    }
    squares += static_cast<double>(error) * static_cast<double>(error);
  }
  return squares;
}

MATINEE_MULTIVERSION
double sgd_block(std::span<const Rating> ratings, const Objective& objective, float learning_rate,
                 const FactorsView<float>& model) {
  if (objective.link == Link::kLogOdds) {
    return objective.biases ? sgd_block_of<Link::kLogOdds, true>(ratings, objective, learning_rate, model)
                            : sgd_block_of<Link::kLogOdds, false>(ratings, objective, learning_rate, model);
  }
  if (objective.link == Link::kIdentity) {
    return objective.biases ? sgd_block_of<Link::kIdentity, true>(ratings, objective, learning_rate, model)
                            : sgd_block_of<Link::kIdentity, false>(ratings, objective, learning_rate, model);
  }
  return objective.biases ? sgd_block_of<Link::kLogistic, true>(ratings, objective, learning_rate, model)
                          : sgd_block_of<Link::kLogistic, false>(ratings, objective, learning_rate, model);
}

}  // namespace

double sgd_epoch(Context& context, const RatingBlocks& blocks, std::span<const int32_t> strata,
                 const Objective& objective, float learning_rate, const FactorsView<float>& model) {
  return sum_over_strata(context, blocks, strata, [&](std::span<const Rating> ratings) {
    return sgd_block(ratings, objective, learning_rate, model);
  });
}

}  // namespace matinee::factorization::cpu
