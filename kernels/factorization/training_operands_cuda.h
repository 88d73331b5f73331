#pragma once

#include <memory>

#include "kernels/factorization/training_operands.h"
#include "kernels/support/host_device.h"

namespace matinee::factorization {

// Threads that share a row on the device, each with kLanes / kTeam neighbouring lanes.
inline constexpr int kTeam = 4;

// Floats from row to row on the device: the factors, then for each thread of a team a copy of the row's bias and share,
// so that each thread reads nothing but what it has written itself.
MATINEE_HOST_DEVICE constexpr int64_t device_stride(int64_t padded_factors) {
  return padded_factors + 2 * kTeam;
}

// TrainingOperands on CUDA; operands are checked.
void hold_on_device_cuda(Context& context, const RatingBlocks& blocks, const Objective& objective,
                         const FactorsView<float>& model, std::shared_ptr<DeviceTraining>& held, ModelParts& parts);
void fetch_model_cuda(Context& context, DeviceTraining& held, const FactorsView<float>& model);

}  // namespace matinee::factorization
