#pragma once

#include "kernels/neural_cf/score_network.h"

namespace matinee::neural_cf {

void score_network_cuda(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                        MatrixView<float> scores);
void score_network_cuda(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                        const DeviceMatrix& scores);

}  // namespace matinee::neural_cf
