#include <algorithm>
#include <cstring>

#include "kernels/support/transfer.cuh"

namespace matinee {
namespace {

int64_t piece_at(int64_t begin, int64_t bytes) {
  return std::min(StagingSlot::kBytes, bytes - begin);
}

}  // namespace

void upload_bytes(CudaResources& cuda, void* device, const void* host, int64_t bytes) {
  if (bytes == 0) return;
  cuda.copies_wait_for_kernels();  // the memory may have been in use, and is ours from there on
  for (int64_t begin = 0; begin < bytes; begin += StagingSlot::kBytes) {
    const auto size = static_cast<std::size_t>(piece_at(begin, bytes));
    StagingSlot& slot = bytes <= CudaResources::kShortUpload ? cuda.next_short_slot() : cuda.next_slot();
    cuda.wait(slot.copied);
    std::memcpy(slot.memory, static_cast<const char*>(host) + begin, size);
    check_cuda(cudaMemcpyAsync(static_cast<char*>(device) + begin, slot.memory, size, cudaMemcpyHostToDevice,
                               cuda.copy_stream()),
               "cudaMemcpyAsync to the device");
    slot.copied.record(cuda.copy_stream());
  }
  cuda.kernels_wait_for_copies();
}

void download_bytes(CudaResources& cuda, void* host, const void* device, int64_t bytes) {
  if (bytes == 0) return;
  cuda.copies_wait_for_kernels();
  const auto empty = [&](StagingSlot& slot, int64_t begin) {
    cuda.wait(slot.copied);
    std::memcpy(static_cast<char*>(host) + begin, slot.memory, static_cast<std::size_t>(piece_at(begin, bytes)));
  };
  StagingSlot* before = nullptr;
  for (int64_t begin = 0; begin < bytes; begin += StagingSlot::kBytes) {
    StagingSlot& slot = cuda.next_slot();
    cuda.wait(slot.copied);
    check_cuda(
        cudaMemcpyAsync(slot.memory, static_cast<const char*>(device) + begin,
                        static_cast<std::size_t>(piece_at(begin, bytes)), cudaMemcpyDeviceToHost, cuda.copy_stream()),
        "cudaMemcpyAsync to the host");
    slot.copied.record(cuda.copy_stream());
    if (before != nullptr) empty(*before, begin - StagingSlot::kBytes);
    before = &slot;
  }
  empty(*before, (bytes - 1) / StagingSlot::kBytes * StagingSlot::kBytes);
  cuda.synchronize();  // a kernel that failed is told here, not later
}

}  // namespace matinee
