#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <utility>

#include "kernels/support/cuda_handles.cuh"
#include "kernels/support/device_memory.cuh"
#include "kernels/support/pinned_buffer.cuh"

struct cudnnContext;  // what a cudnnHandle_t points to: cudnn.h is for those who call it

namespace matinee {

class CudnnHandle;

// What a message says of a launch.
struct LaunchPlace {
  const char* name = nullptr;
  int64_t blocks = 0;
  int threads = 0;
  int64_t shared_bytes = 0;
  std::source_location where;

  std::string text() const;  // "kernel NAME <<<BLOCKS, THREADS, SHARED>>> at FILE:LINE"
};

// Copies of host memory, by address and bytes, that stay as long as somebody keeps them (keep_operands.h).
struct KeptOperands {
  int keepers = 0;
  std::map<std::pair<const void*, int64_t>, std::shared_ptr<const void>> copies;
};

// What a context holds on a CUDA device: a stream for kernels, one for copies, memory, cuBLAS, cuDNN, pinned staging
// memory.
class CudaResources {
 public:
  CudaResources(int ordinal, int64_t memory_limit);
  ~CudaResources();

  // Makes the device current for the calling thread.
  void activate() const;

  cudaStream_t stream() const { return stream_.get(); }
  cudaStream_t copy_stream() const { return copies_.get(); }
  DeviceMemory& memory() { return memory_; }
  const DeviceMemory& memory() const { return memory_; }
  // On stream(); made when first asked for.
  cublasHandle_t blas();
  cudnnContext* dnn();
  // For a piece of a transfer, up to StagingSlot::kBytes, and for one of at most kShortUpload bytes: there are so many
  // short ones that the host can run some batches ahead of the kernels that their copies wait for.
  StagingSlot& next_slot() { return slots_.next(); }
  StagingSlot& next_short_slot() { return short_slots_.next(); }
  static constexpr int64_t kShortUpload = int64_t{1} << 16;
  KeptOperands& kept_operands() { return kept_operands_; }
  int multiprocessors() const { return multiprocessors_; }

  // Copies that start from now on wait for the kernels so far; kernels from now on wait for the copies so far.
  void copies_wait_for_kernels();
  void kernels_wait_for_copies();

  // Wait until all work is done, or what stands before `event`. Error(kDevice) naming the last kernel where one failed.
  void synchronize();
  void wait(const Event& event);
  void launched(const LaunchPlace& place) { last_launch_ = place; }

 private:
  void check_work(cudaError_t error) const;

  int ordinal_;
  int multiprocessors_ = 1;
  Stream stream_, copies_;
  Event kernels_so_far_, copies_so_far_;
  DeviceMemory memory_;
  KeptOperands kept_operands_;
  StagingRing slots_{2, StagingSlot::kBytes}, short_slots_{32, kShortUpload};
  std::optional<CublasHandle> blas_;
  std::unique_ptr<CudnnHandle> dnn_;
  LaunchPlace last_launch_;
};

}  // namespace matinee
