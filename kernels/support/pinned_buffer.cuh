#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

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

// Pinned memory that a transfer between pageable memory and the device passes through.
struct StagingSlot {
  static constexpr int64_t kBytes = int64_t{1} << 20;

  char* memory;
  Event copied;  // the last copy from or to this memory

  explicit StagingSlot(char* begin) : memory(begin) {}
};

// Slots that are taken in turn.
class StagingRing {
 public:
  StagingRing(int64_t slots, int64_t slot_bytes) : memory_(slots * slot_bytes) {
    for (int64_t n = 0; n < slots; ++n) slots_.emplace_back(static_cast<char*>(memory_.data()) + n * slot_bytes);
  }

  StagingSlot& next() {
    place_ = (place_ + 1) % slots_.size();
    return slots_[place_];
  }

 private:
  PinnedBuffer memory_;
  std::deque<StagingSlot> slots_;
  std::size_t place_ = 0;
};

}  // namespace matinee
