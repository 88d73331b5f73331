#include "kernels/neural_cf/score_network.h"

#include "kernels/neural_cf/score_network_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::neural_cf {
namespace {

void check(const ScoringNetwork& network, std::span<const int32_t> users, int64_t rows, int64_t columns) {
  if (rows != static_cast<int64_t>(users.size()) || columns != network.shape.items) {
    fail(ErrorKind::kConfig, "scores of {} users for {} items into {} × {}", users.size(), network.shape.items, rows,
         columns);
  }
  for (const int32_t user : users) {
    if (user < 0 || user >= network.shape.users) {
      fail(ErrorKind::kConfig, "user {} of {} users", user, network.shape.users);
    }
  }
}

}  // namespace

void score_network(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                   MatrixView<float> scores) {
  check(network, users, scores.rows, scores.columns);
  MATINEE_DISPATCH(context, score_network, network, users, scores);
}

void score_network(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                   const DeviceMatrix& scores) {
  check(network, users, scores.rows(), scores.columns());
  MATINEE_ON_CUDA(score_network, context, network, users, scores);
}

int64_t scoring_device_bytes(const NetworkShape& shape, int64_t users) {
  const int64_t rows = (shape.items + users) * (shape.row() + shape.embedding());
  return 4 * (rows + shape.dense() + kPairsAtOnce * shape.activations());
}

}  // namespace matinee::neural_cf
