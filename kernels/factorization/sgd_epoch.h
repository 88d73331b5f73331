#pragma once

#include <cstdint>
#include <span>

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/rating_blocks.h"
#include "kernels/factorization/rating_update.h"
#include "kernels/support/context.h"

namespace matinee::factorization {

// What is minimised: Σ over ratings of ½ (value - link(x))² + ½ the penalties. The penalty of rating (u, i) on ‖p_u‖²
// is user_penalty × user_shares[u], and so on: shares of 1 count the penalty once per rating (in all λ n_u on row u),
// shares of 1 / n_u once per row.
struct Objective {
  Link link = Link::kIdentity;
  bool biases = true;  // false: the biases stay as they are
  float user_penalty = 0, item_penalty = 0;
  float user_bias_penalty = 0, item_bias_penalty = 0;
  const float* user_shares = nullptr;  // (users)
  const float* item_shares = nullptr;  // (items)
};

// One epoch of stochastic gradient descent over conflict-free blocks, one step per rating (Koren, Bell and Volinsky
// 2009; blocks after Gemulla et al., KDD 2011), or the part of an epoch that `strata` lists, in that order. The blocks
// of a stratum run in parallel; the result does not depend on the number of threads. Returns Σ e² in double, each e
// taken just before its step; not finite where training diverged. Allocates nothing.
// Per rating: 4 padded floats read or written per factor + 12 bytes; 8 flops per factor.
// Throws Error(kConfig) where a shape does not fit the blocks, Error(kDevice) for a device without this operation.
double sgd_epoch(Context& context, const RatingBlocks& blocks, std::span<const int32_t> strata,
                 const Objective& objective, float learning_rate, const FactorsView<float>& model);

namespace cpu {
double sgd_epoch(Context& context, const RatingBlocks& blocks, std::span<const int32_t> strata,
                 const Objective& objective, float learning_rate, const FactorsView<float>& model);
}

}  // namespace matinee::factorization
