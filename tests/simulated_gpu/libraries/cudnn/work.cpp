#include "libraries/cudnn/work.h"

#include "libraries/cudnn/descriptors.h"
#include "runtime/library_support.h"

namespace simulated_gpu::cudnn {
namespace {

using Work = std::function<void()>;

void run(void* work) {
  (*static_cast<Work*>(work))();
}

void destroy_work(void* work) {
  delete static_cast<Work*>(work);
}

}  // namespace

cudnnStatus_t check_memory(const char* function, size_t alignment, std::initializer_list<Operand> operands) {
  for (const Operand& operand : operands) {
    if (!operand.data && operand.optional) continue;
    if (!operand.data) return bad(std::string(operand.name) + " is null");
    const bool aligned = reinterpret_cast<size_t>(operand.data) % alignment == 0;
    if (aligned && simulated_gpu_room(operand.data) >= operand.bytes) continue;
    const std::string text = std::string(function) + ": " + operand.name + " of " + std::to_string(operand.bytes) +
                             " bytes is misaligned or does not lie in one allocation";
    simulated_gpu_add_finding("out-of-bounds", text.c_str());
    return refuse(CUDNN_STATUS_EXECUTION_FAILED, text);
  }
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t enqueue(cudnnHandle_t handle, const char* function, Work work) {
  const cudaError_t error =
      simulated_gpu_enqueue(handle->stream, function, run, destroy_work, new Work(std::move(work)));
  return error == cudaSuccess ? CUDNN_STATUS_SUCCESS
                              : refuse(CUDNN_STATUS_EXECUTION_FAILED, "the stream does not take the work");
}

}  // namespace simulated_gpu::cudnn
