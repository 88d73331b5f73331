#pragma once

#include "kernels/support/context.h"

namespace matinee {

// While an object lives, what operations on CUDA read again in every call (a model's rows, the training ratings) stays
// on the device after its first use: for loops that score one block of users after the other, or that train. The host
// memory of such operands must not be freed meanwhile, nor be changed by others than als_sweep(), which changes the
// copy too. Nothing on the CPU.
class KeepOperands {
 public:
  explicit KeepOperands(Context& context);
  ~KeepOperands();
  KeepOperands(const KeepOperands&) = delete;
  KeepOperands& operator=(const KeepOperands&) = delete;

 private:
  CudaResources* cuda_;  // null on the CPU
};

}  // namespace matinee
