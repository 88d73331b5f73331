#include <bit>

#include <cub/device/device_radix_sort.cuh>

#include "kernels/neural_cf/sparse_step.cuh"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::neural_cf {
namespace {

constexpr int kThreads = 256, kWarp = 32, kWarps = kThreads / kWarp;

__global__ void __launch_bounds__(kThreads) count_up_kernel(int32_t* __restrict__ numbers, int64_t count) {
  const int64_t n = grid_thread(blockIdx.x, kThreads, threadIdx.x);
  if (n < count) numbers[n] = static_cast<int32_t>(n);
}

// How a number of a table changes.
struct AdamNumber {
  dense::AdamUpdate update;
  float *parameters, *mean, *square;

  MATINEE_HOST_DEVICE_INLINE void step(int64_t n, float parameter, float gradient) const {
    parameters[n] = update.step(parameter, gradient, mean[n], square[n]);
  }
};

struct SgdNumber {
  float learning_rate;
  float* parameters;

  MATINEE_HOST_DEVICE_INLINE void step(int64_t n, float parameter, float gradient) const {
    parameters[n] = fmaf(-learning_rate, gradient, parameter);
  }
};

struct KeptNumber {
  const float* parameters;
  float* gradients;

  MATINEE_HOST_DEVICE_INLINE void step(int64_t n, float, float gradient) const { gradients[n] = gradient; }
};

// A warp per place of the sorted examples; the first of each row works: a lane adds up its numbers of the row's
// examples in their order. 4 bytes an example and number, 24 (SGD, gradients: 8) a row and number: bound by memory, and
// where a row has hundreds of examples by their latency.
template <typename Number>
__global__ void __launch_bounds__(kThreads)
    sparse_step_kernel(Number table, const int32_t* __restrict__ rows, const int32_t* __restrict__ examples,
                       int64_t count, MatrixView<const float> gradient, float share) {
  const int64_t first = grid_thread(blockIdx.x, kThreads, threadIdx.x) / kWarp;
  if (first >= count) return;
  const int32_t row = rows[first];
  if (first > 0 && rows[first - 1] == row) return;
  int64_t end = first + 1;
  while (end < count && rows[end] == row) ++end;
  const float penalty = share * static_cast<float>(end - first);
  for (int64_t k = threadIdx.x % kWarp; k < gradient.columns; k += kWarp) {
    float sum = 0;
#pragma unroll 4
    for (int64_t at = first; at < end; ++at) sum += row_of(gradient, examples[at])[k];
    const int64_t n = element(row, gradient.columns, k);
    const float parameter = table.parameters[n];
    table.step(n, parameter, fmaf(penalty, parameter, sum));
  }
}

template <typename Number>
void sparse_step(CudaResources& cuda, const Number& table, const SortedRows& sorted,
                 const MatrixView<const float>& gradient, float share) {
  launch(cuda, Kernel("sparse_step_kernel", sparse_step_kernel<Number>), {pieces(sorted.count(), kWarps), kThreads},
         table, sorted.rows(), sorted.examples(), sorted.count(), gradient, share);
}

}  // namespace

SortedRows::SortedRows(CudaResources& cuda, int64_t rows, int64_t most_examples)
    : bits_(std::bit_width(static_cast<uint64_t>(rows > 0 ? rows : 1))),
      places_(cuda, most_examples),
      rows_(cuda, most_examples),
      examples_(cuda, most_examples) {
  launch(cuda, Kernel("count_up_kernel", count_up_kernel), one_thread_each(most_examples, kThreads), places_.data(),
         most_examples);
  std::size_t bytes = 0;
  check_cuda(cub::DeviceRadixSort::SortPairs(nullptr, bytes, rows_.data(), rows_.data(), places_.data(),
                                             examples_.data(), most_examples, 0, bits_, cuda.stream()),
             "DeviceRadixSort");
  scratch_ = DeviceBuffer<uint8_t>(cuda, static_cast<int64_t>(bytes));
}

void SortedRows::assign(CudaResources& cuda, const int32_t* rows, int64_t count) {
  count_ = count;
  auto bytes = static_cast<std::size_t>(scratch_.size());
  check_cuda(cub::DeviceRadixSort::SortPairs(scratch_.data(), bytes, rows, rows_.data(), places_.data(),
                                             examples_.data(), count, 0, bits_, cuda.stream()),
             "DeviceRadixSort");
}

void sparse_adam(CudaResources& cuda, const dense::AdamUpdate& update, const SortedRows& sorted,
                 const MatrixView<const float>& gradient, float share, float* parameters, float* mean, float* square) {
  sparse_step(cuda, AdamNumber{update, parameters, mean, square}, sorted, gradient, share);
}

void sparse_sgd(CudaResources& cuda, float learning_rate, const SortedRows& sorted,
                const MatrixView<const float>& gradient, float share, float* parameters) {
  sparse_step(cuda, SgdNumber{learning_rate, parameters}, sorted, gradient, share);
}

void sum_gradients(CudaResources& cuda, const SortedRows& sorted, const MatrixView<const float>& gradient, float share,
                   const float* parameters, float* gradients) {
  sparse_step(cuda, KeptNumber{parameters, gradients}, sorted, gradient, share);
}

}  // namespace matinee::neural_cf
