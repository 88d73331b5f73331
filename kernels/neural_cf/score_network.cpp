#include "kernels/neural_cf/score_network.h"

#include "kernels/neural_cf/score_network_cuda.h"
#include "kernels/support/check_scores.h"
#include "kernels/support/dispatch.h"

namespace matinee::neural_cf {
void score_network(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                   MatrixView<float> scores) {
  check_scores(users, network.shape.users, network.shape.items, scores.rows, scores.columns);
  MATINEE_DISPATCH(context, score_network, network, users, scores);
}

void score_network(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                   const DeviceMatrix& scores) {
  check_scores(users, network.shape.users, network.shape.items, scores.rows(), scores.columns());
  MATINEE_ON_CUDA(score_network, context, network, users, scores);
}

int64_t scoring_device_bytes(const NetworkShape& shape, int64_t users) {
  const int64_t rows = (shape.items + users) * (shape.row() + shape.embedding());
  return 4 * (rows + shape.dense() + kPairsAtOnce * shape.activations());
}

}  // namespace matinee::neural_cf
