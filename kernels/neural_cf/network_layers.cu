#include "kernels/dense/elementary.h"
#include "kernels/neural_cf/network_layers.cuh"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"
#include "kernels/support/warp_sum.cuh"

namespace matinee::neural_cf {
namespace {

constexpr int kThreads = 256, kLanes = 16;

// A thread per number: 8 bytes: bound by memory.
__global__ void __launch_bounds__(kThreads) bias_relu_kernel(const float* __restrict__ bias, MatrixView<float> a) {
  const int64_t n = grid_thread(blockIdx.x, kThreads, threadIdx.x);
  if (n >= a.rows * a.columns) return;
  const int64_t row = n / a.columns, column = n % a.columns;
  float& number = row_of(a, row)[column];
  number = dense::relu(number + bias[column]);
}

// kLanes threads per example: 4 bytes and a multiply-add a feature: bound by memory. The order of additions is that of
// the CPU.
__global__ void __launch_bounds__(kThreads)
    output_unit_kernel(MatrixView<const float> features, const float* __restrict__ weights,  // (features)
                       const float* __restrict__ bias, float* __restrict__ x) {              // (examples)
  const int64_t example = grid_thread(blockIdx.x, kThreads, threadIdx.x) / kLanes;
  const int64_t columns = example < features.rows ? features.columns : 0;
  const int lane = static_cast<int>(threadIdx.x) % kLanes;
  float sum = 0;
  for (int64_t k = lane; k < columns; k += kLanes) sum = fmaf(row_of(features, example)[k], weights[k], sum);
  sum = warp_sum<kLanes>(sum);
  if (lane == 0 && example < features.rows) x[example] = sum + *bias;
}

}  // namespace

DeviceActivations::DeviceActivations(CudaResources& cuda, const NetworkShape& shape, int64_t most_examples)
    : shape_(shape), features_(cuda, most_examples * shape.features()) {
  for (int64_t layer = 1; layer < shape.layers; ++layer) layers_.emplace_back(cuda, most_examples * shape.width(layer));
}

MatrixView<float> DeviceActivations::layer(int64_t number, int64_t count) {
  if (number == shape_.layers) {
    return {features_.data() + shape_.product(), count, shape_.last, shape_.features()};
  }
  return device_matrix(layers_[static_cast<std::size_t>(number - 1)].data(), count, shape_.width(number));
}

MatrixView<float> DeviceActivations::features(int64_t count) {
  return device_matrix(features_.data(), count, shape_.features());
}

MatrixView<float> DeviceActivations::products(int64_t count) {
  return {features_.data(), count, shape_.product(), shape_.features()};
}

void add_bias_and_relu(CudaResources& cuda, const float* bias, const MatrixView<float>& a) {
  launch(cuda, Kernel("bias_relu_kernel", bias_relu_kernel), one_thread_each(a.rows * a.columns, kThreads), bias, a);
}

void output_unit(CudaResources& cuda, const NetworkShape& shape, const float* dense,
                 const MatrixView<const float>& features, float* x) {
  launch(cuda, Kernel("output_unit_kernel", output_unit_kernel), one_thread_each(features.rows * kLanes, kThreads),
         features, dense + shape.output(), dense + shape.output_bias(), x);
}

}  // namespace matinee::neural_cf
