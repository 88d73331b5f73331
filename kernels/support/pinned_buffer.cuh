#pragma once

#include <cstdint>

#include "kernels/support/cuda_handles.cuh"

namespace matinee {

// Page-locked host memory, which copies reach without a detour. Contents are undefined at first.
class PinnedBuffer {
 public:
  explicit PinnedBuffer(int64_t bytes) {
    check_cuda(cudaMallocHost(&data_, static_cast<std::size_t>(bytes)), "cudaMallocHost");
  }
  ~PinnedBuffer() { warn_cuda(cudaFreeHost(data_), "cudaFreeHost"); }
  PinnedBuffer(const PinnedBuffer&) = delete;
  PinnedBuffer& operator=(const PinnedBuffer&) = delete;

  void* data() const { return data_; }

 private:
  void* data_ = nullptr;
};

// A piece of a transfer between pageable memory and the device passes through here.
struct StagingSlot {
  static constexpr int64_t kBytes = int64_t{1} << 20;

  PinnedBuffer memory{kBytes};
  Event copied;  // the last copy from or to this memory
};

}  // namespace matinee
