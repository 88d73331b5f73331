#pragma once

#include <memory>

#include "kernels/factorization/training_operands.h"
#include "kernels/support/grid.h"
#include "kernels/support/host_device.h"

namespace matinee::factorization {

// Threads that share a row on the device, each with kLanes / kTeam neighbouring lanes.
inline constexpr int kTeam = 4;

// Bytes of a row on the device, and from row to row: of its factors alone, so that rows begin with a sector of 32
// bytes.
MATINEE_HOST_DEVICE constexpr int64_t device_row_bytes(int64_t padded_factors, Storage storage) {
  return padded_factors * (storage == Storage::kFp32 ? 4 : 2);
}

// Bytes of all that the device keeps of a row: its factors, bias, share and place.
MATINEE_HOST_DEVICE constexpr int64_t device_bytes_of_row(int64_t padded_factors, Storage storage) {
  return device_row_bytes(padded_factors, storage) + 2 * int64_t{sizeof(float)} + int64_t{sizeof(int32_t)};
}

// Where column k of a row of halves lies on the device: the four lanes of a thread in two chunks of 16 columns are
// neighbours, which it reads in one access of 16 bytes; a last chunk without a second one is as it is.
MATINEE_HOST_DEVICE constexpr int64_t half_place(int64_t k, int64_t padded_factors) {
  constexpr int64_t kPair = 2 * kLanes, kMember = kLanes / kTeam;
  if (k / kPair == padded_factors / kPair) return k;
  return k / kPair * kPair + k % kLanes / kMember * (2 * kMember) + k % kPair / kLanes * kMember + k % kMember;
}

// TrainingOperands on CUDA; operands are checked.
void hold_on_device_cuda(Context& context, const RatingBlocks& blocks, const Objective& objective,
                         const FactorsView<float>& model, Storage storage, std::shared_ptr<DeviceTraining>& held,
                         ModelParts& parts);
void fetch_model_cuda(Context& context, DeviceTraining& held, const FactorsView<float>& model);

}  // namespace matinee::factorization
