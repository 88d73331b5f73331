#pragma once

#include <memory>

#include "kernels/factorization/training_operands.h"
#include "kernels/support/grid.h"
#include "kernels/support/host_device.h"

namespace matinee::factorization {

// Threads that share a row on the device, each with kLanes / kTeam neighbouring lanes.
inline constexpr int kTeam = 4;

// Behind the factors of a row on the device each thread of a team has a copy of the row's bias and share, so that it
// reads nothing but what it has written itself.
inline constexpr int64_t kTailBytes = kTeam * 2 * sizeof(float);

// Numbers of a row on the device: the accesses of a team, 16 bytes a thread, take 16 floats or 32 halves.
MATINEE_HOST_DEVICE constexpr int64_t device_columns(int64_t padded_factors, Storage storage) {
  return rounded_up(padded_factors, storage == Storage::kFp32 ? kLanes : 2 * kLanes);
}

// Bytes from row to row on the device.
MATINEE_HOST_DEVICE constexpr int64_t device_row_bytes(int64_t padded_factors, Storage storage) {
  return device_columns(padded_factors, storage) * (storage == Storage::kFp32 ? 4 : 2) + kTailBytes;
}

// Where column k of a row of halves lies on the device: the four lanes of a thread in two chunks of 16 columns are
// neighbours, which it reads in one access of 16 bytes.
MATINEE_HOST_DEVICE constexpr int64_t half_place(int64_t k) {
  constexpr int64_t kPair = 2 * kLanes, kMember = kLanes / kTeam;
  return k / kPair * kPair + k % kLanes / kMember * (2 * kMember) + k % kPair / kLanes * kMember + k % kMember;
}

// TrainingOperands on CUDA; operands are checked.
void hold_on_device_cuda(Context& context, const RatingBlocks& blocks, const Objective& objective,
                         const FactorsView<float>& model, Storage storage, std::shared_ptr<DeviceTraining>& held,
                         ModelParts& parts);
void fetch_model_cuda(Context& context, DeviceTraining& held, const FactorsView<float>& model);

}  // namespace matinee::factorization
