#include "kernels/support/operand.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee {

std::shared_ptr<const void> operand_bytes(CudaResources& cuda, const void* host, int64_t bytes) {
  KeptOperands& kept = cuda.kept_operands();
  const auto known = kept.copies.find({host, bytes});
  if (known != kept.copies.end()) return known->second;
  const auto buffer = std::make_shared<DeviceBuffer<uint8_t>>(cuda, bytes);
  upload_bytes(cuda, buffer->data(), host, bytes);
  const std::shared_ptr<const void> copy(buffer, buffer->data());
  if (kept.keepers > 0) kept.copies[{host, bytes}] = copy;
  return copy;
}

std::shared_ptr<void> kept_copy(CudaResources& cuda, const void* host, int64_t bytes) {
  const auto known = cuda.kept_operands().copies.find({host, bytes});
  if (known == cuda.kept_operands().copies.end()) return nullptr;
  return std::const_pointer_cast<void>(known->second);  // operand_bytes() made it of memory of its own
}

// For keep_operands.cpp, which knows no CUDA type.
void keep_operands(CudaResources& cuda, bool keep) {
  KeptOperands& kept = cuda.kept_operands();
  kept.keepers += keep ? 1 : -1;
  if (kept.keepers == 0) kept.copies.clear();
}

}  // namespace matinee
