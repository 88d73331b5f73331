#pragma once

#include <cstdint>
#include <span>

#include "kernels/support/device_buffer.cuh"

namespace matinee {

// Copies between pageable host memory and the device, piece by piece through two pinned slots: while one piece is on
// its way, the host fills or empties the other. Kernels launched afterwards see what was uploaded. A short upload
// (CudaResources::kShortUpload) makes the host wait only where 32 others are on their way.
void upload_bytes(CudaResources& cuda, void* device, const void* host, int64_t bytes);
// Returns when the host has all that the kernels launched before have written. Error(kDevice) where one failed.
void download_bytes(CudaResources& cuda, void* host, const void* device, int64_t bytes);

template <typename T>
DeviceBuffer<T> uploaded(CudaResources& cuda, std::span<const T> values) {
  DeviceBuffer<T> buffer(cuda, static_cast<int64_t>(values.size()));
  upload_bytes(cuda, buffer.data(), values.data(), buffer.bytes());
  return buffer;
}

template <typename T>
DeviceBuffer<T> uploaded(CudaResources& cuda, const T* values, int64_t count) {
  return uploaded(cuda, std::span(values, static_cast<std::size_t>(count)));
}

template <typename T>
void download(CudaResources& cuda, std::span<T> values, const DeviceBuffer<T>& buffer, int64_t first = 0) {
  download_bytes(cuda, values.data(), buffer.data() + first, static_cast<int64_t>(values.size_bytes()));
}

}  // namespace matinee
