#pragma once

#include <functional>
#include <initializer_list>
#include <string>

#include <cudnn.h>

namespace simulated_gpu::cudnn {

// Memory that a call was given. Null is allowed where `optional`.
struct Operand {
  const char* name;
  const void* data;
  size_t bytes;
  bool optional = false;
};

// Every operand lies in one allocation, aligned to `alignment` bytes. What the real library would find out by a fault
// on the device is a finding here.
cudnnStatus_t check_memory(const char* function, size_t alignment, std::initializer_list<Operand> operands);

// Issues work to the stream of the handle.
cudnnStatus_t enqueue(cudnnHandle_t handle, const char* function, std::function<void()> work);

}  // namespace simulated_gpu::cudnn
