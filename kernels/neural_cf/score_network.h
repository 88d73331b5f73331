#pragma once

#include <cstdint>
#include <span>

#include "kernels/neural_cf/network_shape.h"
#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/device_matrix.h"
#include "kernels/support/matrix_view.h"

namespace matinee::neural_cf {

// A network in host memory, as scoring reads it.
struct ScoringNetwork {
  NetworkShape shape;
  const float* user_rows = nullptr;    // (users, row)
  const float* item_rows = nullptr;    // (items, row)
  const float* dense = nullptr;        // (dense)
  const float* item_halves = nullptr;  // (items, embedding): item_halves_of the others
};

// What items put into the first layer of the tower, for all users alike: W_item q' + b_1.
Buffer<float> item_halves_of(const ScoringNetwork& network);

// scores(b, i) = the log odds that users[b] likes item i. Of the first layer an addition is left for each pair. Throws
// Error(kConfig) where a user is unknown or scores is not (users, items). The same bits on CUDA.
void score_network(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                   MatrixView<float> scores);

// The same scores, left on the device of a CUDA context.
void score_network(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                   const DeviceMatrix& scores);

inline constexpr int64_t kPairsAtOnce = 1 << 16;  // whose activations are on the device
// Predicted bytes of device memory for blocks of so many users, beside the scores.
int64_t scoring_device_bytes(const NetworkShape& shape, int64_t users);

void score_network_cpu(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                       MatrixView<float> scores);

}  // namespace matinee::neural_cf
