#include "kernels/support/device_matrix.h"

#include "kernels/support/error.h"

namespace matinee {

#ifdef MATINEE_HAS_CUDA
// device_matrix_cuda.cu
std::shared_ptr<float> device_floats(Context& context, int64_t count);
void copy_floats(Context& context, const float* device, MatrixView<float> host);
#else
namespace {
std::shared_ptr<float> device_floats(Context& context, int64_t) {
  fail(ErrorKind::kDevice, "device memory was asked for on {}", to_string(context.device()));
}
void copy_floats(Context&, const float*, MatrixView<float>) {}
}  // namespace
#endif

DeviceMatrix::DeviceMatrix(Context& context, int64_t rows, int64_t columns)
    : rows_(rows), columns_(columns), data_(device_floats(context, rows * columns)) {}

void DeviceMatrix::copy_to(Context& context, MatrixView<float> host) const {
  if (host.rows != rows_ || host.columns != columns_) {
    fail(ErrorKind::kConfig, "a matrix of {} × {} on the device does not fit {} × {} on the host", rows_, columns_,
         host.rows, host.columns);
  }
  copy_floats(context, data_.get(), host);
}

}  // namespace matinee
