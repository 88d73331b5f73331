#include <memory>

#include "kernels/support/device_buffer.cuh"
#include "kernels/support/device_matrix.h"
#include "kernels/support/transfer.cuh"

namespace matinee {

// For device_matrix.cpp, which knows no CUDA type.
std::shared_ptr<float> device_floats(Context& context, int64_t count) {
  const auto buffer = std::make_shared<DeviceBuffer<float>>(context.cuda(), count);
  return {buffer, buffer->data()};
}

void copy_floats(Context& context, const float* device, MatrixView<float> host) {
  CudaResources& cuda = context.cuda();
  const auto row_bytes = host.columns * static_cast<int64_t>(sizeof(float));
  if (host.stride == host.columns) {
    download_bytes(cuda, host.data, device, host.rows * row_bytes);
    return;
  }
  for (int64_t row = 0; row < host.rows; ++row) {
    download_bytes(cuda, host.row(row), device + row * host.columns, row_bytes);
  }
}

}  // namespace matinee
