#pragma once

#include <cstdint>
#include <span>

#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/device_matrix.h"
#include "kernels/support/matrix_view.h"

namespace matinee::factorization {

// Item factors in panels of kPanel items: (panels, factors, kPanel), zeros beyond the last item.
inline constexpr int64_t kPanel = 16;

constexpr int64_t panel_elements(int64_t items, int64_t factors) {
  return (items + kPanel - 1) / kPanel * kPanel * factors;
}

Buffer<float> pack_panels(const MatrixView<const float>& item_factors);

// scores(b, i) = (mean + user_biases[users[b]]) + item_biases[i] + Σ_k p_k q_k, the sum in rising order of k, so that a
// loop over k alone gives the same bits.
struct ScoringModel {
  MatrixView<const float> user_factors;  // (users, factors)
  int64_t items = 0;
  const float* item_panels = nullptr;  // pack_panels of (items, factors)
  const float* user_biases = nullptr;  // (users)
  const float* item_biases = nullptr;  // (items)
  float mean = 0;
};

// Throws Error(kConfig) where a user is unknown or scores is not (users, items). The same bits on CUDA. 2 flops per
// (user, item, factor); each panel is read once per 16 users.
void score_items(Context& context, const ScoringModel& model, std::span<const int32_t> users, MatrixView<float> scores);

// The same scores, left on the device of a CUDA context.
void score_items(Context& context, const ScoringModel& model, std::span<const int32_t> users,
                 const DeviceMatrix& scores);

void score_items_cpu(Context& context, const ScoringModel& model, std::span<const int32_t> users,
                     MatrixView<float> scores);

}  // namespace matinee::factorization
