#pragma once

#include <cstdint>
#include <memory>

#include "kernels/support/cuda_resources.cuh"

namespace matinee {

// A copy in device memory of `bytes` at `host`: a new one or, while a KeepOperands lives, the one of the first call.
std::shared_ptr<const void> operand_bytes(CudaResources& cuda, const void* host, int64_t bytes);

// That copy where it is kept, else null: for an operation that writes the host memory and keeps the copy equal to it.
std::shared_ptr<void> kept_copy(CudaResources& cuda, const void* host, int64_t bytes);

// What an operation reads and the next call may read again.
template <typename T>
class Operand {
 public:
  Operand(CudaResources& cuda, const T* host, int64_t count)
      : there_(operand_bytes(cuda, host, count * static_cast<int64_t>(sizeof(T)))) {}

  const T* data() const { return static_cast<const T*>(there_.get()); }

 private:
  std::shared_ptr<const void> there_;
};

}  // namespace matinee
