#pragma once

#include <vector>

#include "kernels/neural_cf/network_shape.h"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/matrix_view.h"

namespace matinee::neural_cf {

// The activations of examples, on the device.
class DeviceActivations {
 public:
  DeviceActivations(CudaResources& cuda, const NetworkShape& shape, int64_t most_examples);

  // (count, width) of layer 1 … layers of the tower; the last lies among the features.
  MatrixView<float> layer(int64_t number, int64_t count);
  // (count, features): products, then the last layer.
  MatrixView<float> features(int64_t count);
  MatrixView<float> products(int64_t count);

 private:
  NetworkShape shape_;
  std::vector<DeviceBuffer<float>> layers_;
  DeviceBuffer<float> features_;
};

inline MatrixView<float> device_matrix(float* data, int64_t rows, int64_t columns) {
  return {data, rows, columns, columns};
}
inline MatrixView<const float> device_matrix(const float* data, int64_t rows, int64_t columns) {
  return {data, rows, columns, columns};
}

// a = relu(a + bias)
void add_bias_and_relu(CudaResources& cuda, const float* bias, const MatrixView<float>& a);

// x (features.rows) = the log odds.
void output_unit(CudaResources& cuda, const NetworkShape& shape, const float* dense,
                 const MatrixView<const float>& features, float* x);

}  // namespace matinee::neural_cf
