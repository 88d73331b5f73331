#pragma once

#include <cstdint>
#include <utility>

#include "kernels/support/cuda_resources.cuh"

namespace matinee {

// Owned device memory for `size` numbers, contents undefined at first. Taken and given back in the order of the
// kernels' stream.
template <typename T>
class DeviceBuffer {
 public:
  DeviceBuffer() = default;
  DeviceBuffer(CudaResources& cuda, int64_t size)
      : cuda_(&cuda), size_(size), data_(static_cast<T*>(cuda.memory().take(bytes()))) {}
  ~DeviceBuffer() { release(); }
  DeviceBuffer(DeviceBuffer&& other) noexcept { swap(other); }
  DeviceBuffer& operator=(DeviceBuffer&& other) noexcept {
    DeviceBuffer moved(std::move(other));
    swap(moved);
    return *this;
  }

  int64_t size() const { return size_; }
  int64_t bytes() const { return size_ * static_cast<int64_t>(sizeof(T)); }
  T* data() { return data_; }
  const T* data() const { return data_; }

  // All bytes zero, in the order of the kernels' stream.
  void clear() { clear(0, size_); }
  void clear(int64_t begin, int64_t end) {
    if (begin == end) return;
    check_cuda(cudaMemsetAsync(data_ + begin, 0, static_cast<std::size_t>(end - begin) * sizeof(T), cuda_->stream()),
               "cudaMemsetAsync");
  }
  void release() {
    if (cuda_ != nullptr) cuda_->memory().give_back(data_, bytes());
    cuda_ = nullptr;
    size_ = 0;
    data_ = nullptr;
  }

 private:
  void swap(DeviceBuffer& other) noexcept {
    std::swap(cuda_, other.cuda_);
    std::swap(size_, other.size_);
    std::swap(data_, other.data_);
  }

  CudaResources* cuda_ = nullptr;
  int64_t size_ = 0;
  T* data_ = nullptr;
};

}  // namespace matinee
