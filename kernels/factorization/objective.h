#pragma once

#include "kernels/factorization/rating_update.h"

namespace matinee::factorization {

// What is minimised: Σ over ratings of ½ (value - link(x))², or of the log loss, + ½ the penalties. The penalty of
// rating (u, i) on ‖p_u‖² is user_penalty × user_shares[u], and so on: shares of 1 count the penalty once per rating
// (in all λ n_u on row u), shares of 1 / n_u once per row.
struct Objective {
  Link link = Link::kIdentity;
  bool biases = true;  // false: the biases stay as they are
  float user_penalty = 0, item_penalty = 0;
  float user_bias_penalty = 0, item_bias_penalty = 0;
  const float* user_shares = nullptr;  // (users); null: all 1
  const float* item_shares = nullptr;  // (items); null: all 1

  bool operator==(const Objective&) const = default;
};

constexpr float share_of(const float* shares, int32_t row) {
  return shares == nullptr ? 1.0f : shares[row];
}

MATINEE_HOST_DEVICE inline RatingStep rating_step(const Objective& objective, float learning_rate, float user_share,
                                                  float item_share) {
  return {learning_rate, objective.user_penalty * user_share, objective.item_penalty * item_share,
          objective.user_bias_penalty * user_share, objective.item_bias_penalty * item_share};
}

}  // namespace matinee::factorization
