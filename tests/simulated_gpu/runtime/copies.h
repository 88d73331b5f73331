#pragma once

#include <cstddef>
#include <cstdint>

#include <driver_types.h>

namespace simulated_gpu {

// `rows` rows of `width` bytes, `pitch` bytes apart on either side.
struct Region {
  size_t width = 0, rows = 1, to_pitch = 0, from_pitch = 0;

  size_t to_extent() const { return rows == 0 || width == 0 ? 0 : (rows - 1) * to_pitch + width; }
  size_t from_extent() const { return rows == 0 || width == 0 ? 0 : (rows - 1) * from_pitch + width; }
};
enum class Waiting { kAsDocumented, kNever };

// One contiguous range.
inline Region line(size_t bytes) {
  return {bytes, 1, bytes, bytes};
}

// Checks ranges and directions, and issues the copy. kAsDocumented: cudaMemcpy, which waits unless both sides are on
// the device.
cudaError_t copy(void* to, const void* from, Region region, cudaMemcpyKind kind, cudaStream_t stream, Waiting waiting);

// What copies from the host brought to the device so far; whoever counts sets it to 0.
uint64_t& bytes_to_device();

}  // namespace simulated_gpu
