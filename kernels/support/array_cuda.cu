#include <memory>

#include "kernels/support/array_cuda.h"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::detail {

std::shared_ptr<void> array_bytes_cuda(Context& context, int64_t bytes) {
  const auto buffer = std::make_shared<DeviceBuffer<unsigned char>>(context.cuda(), bytes);
  if (bytes > 0) buffer->clear();
  return {buffer, buffer->data()};
}

void copy_in_cuda(Context& context, void* array, const void* host, int64_t bytes) {
  if (bytes > 0) upload_bytes(context.cuda(), array, host, bytes);
}

void copy_out_cuda(Context& context, void* host, const void* array, int64_t bytes) {
  if (bytes > 0) download_bytes(context.cuda(), host, array, bytes);
}

void clear_bytes_cuda(Context& context, void* array, int64_t bytes) {
  if (bytes == 0) return;
  check_cuda(cudaMemsetAsync(array, 0, static_cast<std::size_t>(bytes), context.cuda().stream()), "cudaMemsetAsync");
}

}  // namespace matinee::detail
