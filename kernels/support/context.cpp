#include "kernels/support/context.h"

#include "kernels/support/error.h"

namespace matinee {

#ifdef MATINEE_HAS_CUDA
// cuda_resources.cu
std::shared_ptr<CudaResources> make_cuda_resources(int ordinal, int64_t memory_limit);
CudaResources& activated(CudaResources& resources);
int64_t peak_bytes(const CudaResources& resources);
void reset_peak_bytes(CudaResources& resources);
int64_t available_bytes(const CudaResources& resources);
void limit_bytes(CudaResources& resources, int64_t bytes);
#else
namespace {
std::shared_ptr<CudaResources> make_cuda_resources(int, int64_t) {
  fail(ErrorKind::kDevice, "this build has no CUDA backend: run with --device cpu");
}
CudaResources& activated(CudaResources& resources) {
  return resources;
}
int64_t peak_bytes(const CudaResources&) {
  return 0;
}
void reset_peak_bytes(CudaResources&) {}
int64_t available_bytes(const CudaResources&) {
  return 0;
}
void limit_bytes(CudaResources&, int64_t) {}
}  // namespace
#endif

Context::Context(Device device, int threads, int64_t device_memory_limit) : device_(device), pool_(threads) {
  if (on_cuda()) cuda_ = make_cuda_resources(device.ordinal, device_memory_limit);
}

CudaResources& Context::cuda() {
  if (!cuda_) fail(ErrorKind::kDevice, "an operation for CUDA was called on {}", to_string(device_));
  return activated(*cuda_);
}

int64_t Context::peak_device_bytes() const {
  return cuda_ ? peak_bytes(*cuda_) : 0;
}

void Context::reset_peak_device_bytes() {
  if (cuda_) reset_peak_bytes(*cuda_);
}

void Context::limit_device_bytes(int64_t bytes) {
  if (cuda_) limit_bytes(*cuda_, bytes);
}

int64_t Context::available_device_bytes() const {
  return cuda_ ? available_bytes(*cuda_) : 0;
}

}  // namespace matinee
