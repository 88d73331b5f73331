#include "kernels/factorization/score_items.h"

#include "kernels/factorization/score_items_cuda.h"
#include "kernels/support/check_scores.h"
#include "kernels/support/dispatch.h"

namespace matinee::factorization {

Buffer<float> pack_panels(const MatrixView<const float>& item_factors) {
  Buffer<float> panels(panel_elements(item_factors.rows, item_factors.columns));
  for (int64_t item = 0; item < item_factors.rows; ++item) {
    float* panel = panels.data() + item / kPanel * kPanel * item_factors.columns;
    for (int64_t k = 0; k < item_factors.columns; ++k) panel[k * kPanel + item % kPanel] = item_factors(item, k);
  }
  return panels;
}

void score_items(Context& context, const ScoringModel& model, std::span<const int32_t> users,
                 MatrixView<float> scores) {
  check_scores(users, model.user_factors.rows, model.items, scores.rows, scores.columns);
  MATINEE_DISPATCH(context, score_items, model, users, scores);
}

void score_items(Context& context, const ScoringModel& model, std::span<const int32_t> users,
                 const DeviceMatrix& scores) {
  check_scores(users, model.user_factors.rows, model.items, scores.rows(), scores.columns());
  MATINEE_ON_CUDA(score_items, context, model, users, scores);
}

}  // namespace matinee::factorization
