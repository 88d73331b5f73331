#pragma once

#include <cstdint>

#include <cuda_runtime_api.h>

namespace matinee {

// The device memory of a context: taken and given back in the order of one stream, from the device's pool, which keeps
// what is given back. Counts what is held, so that the high-water mark is known and a limit is kept.
class DeviceMemory {
 public:
  // `limit`: bytes that may be held at once; 0: what the device has free.
  DeviceMemory(int ordinal, cudaStream_t stream, int64_t limit);

  // Error(kMemory) with the bytes wanted, held and free.
  void* take(int64_t bytes);
  void give_back(void* memory, int64_t bytes) noexcept;

  int64_t held() const { return held_; }
  int64_t peak() const { return peak_; }
  void reset_peak() { peak_ = held_; }
  void set_limit(int64_t bytes) { limit_ = bytes; }
  // Bytes that can still be taken; where there is no limit, leaves a twentieth of what is free to others.
  int64_t available() const;

 private:
  cudaStream_t stream_;
  int64_t limit_, held_ = 0, peak_ = 0;
};

}  // namespace matinee
