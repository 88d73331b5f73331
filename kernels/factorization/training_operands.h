#pragma once

#include <cstdint>
#include <memory>

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/objective.h"
#include "kernels/factorization/rating_blocks.h"
#include "kernels/factorization/stored_matrix.h"
#include "kernels/support/context.h"

namespace matinee::factorization {

struct DeviceTraining;  // training_operands.cuh: copies in the memory of a CUDA device

// What a model consists of, as operands of squared_norm().
struct ModelParts {
  StoredMatrix user_factors, item_factors;  // (users, padded), (items, padded)
  StoredMatrix user_biases, item_biases;    // (users, 1), (items, 1)
};

// What SGD works on, where the context computes: on the CPU the caller's ratings and model themselves, of factors
// stored as halves copies, each rounded to the nearest; on CUDA copies that stay on the device from call to call.
// Ratings, shares and model must outlive it, and the context too.
class TrainingOperands {
 public:
  // Throws Error(kConfig) where a shape does not fit the blocks, Error(kMemory) where the copies do not fit.
  TrainingOperands(Context& context, const RatingBlocks& blocks, const Objective& objective,
                   const FactorsView<float>& model, Storage storage = Storage::kFp32);

  // Bytes of device memory on CUDA.
  static int64_t device_bytes(int64_t users, int64_t items, int64_t ratings, int64_t factors,
                              Storage storage = Storage::kFp32);
  // Bytes of host memory on the CPU.
  static int64_t host_bytes(int64_t users, int64_t items, int64_t factors, Storage storage);

  const RatingBlocks& blocks() const { return *blocks_; }
  const Objective& objective() const { return objective_; }
  // Those of `objective` from here on; its shares are not looked at.
  void set_penalties(const Objective& objective);
  Storage storage() const { return storage_; }
  // The caller's model; on CUDA, or where factors are stored as halves, as it was at the start or the last fetch().
  const FactorsView<float>& model() const { return model_; }
  // The model as it is now: only on the CPU, T as storage() says.
  template <typename T>
  FactorsView<T, float> stored() const;
  DeviceTraining& on_device() const { return *device_; }  // only on CUDA

  // The model as it is now, in the memory of the context's device.
  const ModelParts& parts() const { return parts_; }

  // Brings the caller's model up to date. Nothing to do on the CPU in fp32.
  void fetch(Context& context) const;

 private:
  const RatingBlocks* blocks_;
  Objective objective_;
  FactorsView<float> model_;
  Storage storage_;
  Buffer<uint16_t> user_halves_, item_halves_;  // on the CPU: as many as the model has numbers, in the same order
  ModelParts parts_;
  std::shared_ptr<DeviceTraining> device_;
};

template <typename T>
FactorsView<T, float> TrainingOperands::stored() const {
  if constexpr (std::is_same_v<T, float>) {
    return model_;
  } else {
    const auto rows = [](const Buffer<uint16_t>& halves, const MatrixView<float>& shape) {
      T* data = reinterpret_cast<T*>(const_cast<uint16_t*>(halves.data()));  // they are no part of the object's value
      return MatrixView<T>{data, shape.rows, shape.stride, shape.stride};
    };
    return {rows(user_halves_, model_.user_factors), rows(item_halves_, model_.item_factors), model_.user_biases,
            model_.item_biases, model_.mean};
  }
}

}  // namespace matinee::factorization
