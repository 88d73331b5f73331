#pragma once

#include <cstdint>
#include <memory>

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/objective.h"
#include "kernels/factorization/rating_blocks.h"
#include "kernels/support/context.h"

namespace matinee::factorization {

struct DeviceTraining;  // training_operands.cuh: copies in the memory of a CUDA device

// What a model consists of, as operands of squared_norm().
struct ModelParts {
  MatrixView<const float> user_factors, item_factors;  // (users, padded), (items, padded)
  MatrixView<const float> user_biases, item_biases;    // (users, 1), (items, 1)
};

// What SGD works on, where the context computes: on the CPU the caller's ratings and model themselves, on CUDA copies
// that stay on the device from call to call. Ratings, shares and model must outlive it, and the context too.
class TrainingOperands {
 public:
  // Throws Error(kConfig) where a shape does not fit the blocks, Error(kMemory) where the copies do not fit.
  TrainingOperands(Context& context, const RatingBlocks& blocks, const Objective& objective,
                   const FactorsView<float>& model);

  // Bytes of device memory on CUDA.
  static int64_t device_bytes(int64_t users, int64_t items, int64_t ratings, int64_t factors);

  const RatingBlocks& blocks() const { return *blocks_; }
  const Objective& objective() const { return objective_; }
  // Those of `objective` from here on; its shares are not looked at.
  void set_penalties(const Objective& objective);
  // The caller's model; on CUDA as it was at the start or the last fetch().
  const FactorsView<float>& model() const { return model_; }
  DeviceTraining& on_device() const { return *device_; }  // only on CUDA

  // The model as it is now, in the memory of the context's device.
  const ModelParts& parts() const { return parts_; }

  // Brings the caller's model up to date. Nothing to do on the CPU.
  void fetch(Context& context) const;

 private:
  const RatingBlocks* blocks_;
  Objective objective_;
  FactorsView<float> model_;
  ModelParts parts_;
  std::shared_ptr<DeviceTraining> device_;
};

}  // namespace matinee::factorization
