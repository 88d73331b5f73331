#include "kernels/factorization/training_operands.h"

#include "kernels/factorization/check_factors.h"
#include "kernels/factorization/training_operands_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::factorization {

TrainingOperands::TrainingOperands(Context& context, const RatingBlocks& blocks, const Objective& objective,
                                   const FactorsView<float>& model)
    : blocks_(&blocks), objective_(objective), model_(model) {
  check_factors(blocks, model);
  if (context.on_cuda()) {
    MATINEE_ON_CUDA(hold_on_device, context, blocks, objective, model, device_, parts_);
  } else {
    parts_ = {.user_factors = model.user_factors,
              .item_factors = model.item_factors,
              .user_biases = {model.user_biases, model.user_factors.rows, 1, 1},
              .item_biases = {model.item_biases, model.item_factors.rows, 1, 1}};
  }
}

void TrainingOperands::set_penalties(const Objective& objective) {
  objective_.user_penalty = objective.user_penalty;
  objective_.item_penalty = objective.item_penalty;
  objective_.user_bias_penalty = objective.user_bias_penalty;
  objective_.item_bias_penalty = objective.item_bias_penalty;
}

int64_t TrainingOperands::device_bytes(int64_t users, int64_t items, int64_t ratings, int64_t factors) {
  const int64_t subgroups = int64_t{RatingBlocks::default_groups(ratings)} * RatingBlocks::default_parts(ratings);
  constexpr int64_t kRatingBytes = sizeof(Rating), kNumberBytes = sizeof(float), kOffsetBytes = sizeof(int64_t);
  const int64_t squares = subgroups * RatingBlocks::default_parts(ratings) + 2 * RatingBlocks::kMaximumGroups;
  return ratings * kRatingBytes + (users + items) * device_stride(padded(factors)) * kNumberBytes +
         (subgroups * subgroups + 1) * kOffsetBytes + squares * static_cast<int64_t>(sizeof(double));
}

void TrainingOperands::fetch(Context& context) const {
  if (device_) MATINEE_ON_CUDA(fetch_model, context, *device_, model_);
}

}  // namespace matinee::factorization
