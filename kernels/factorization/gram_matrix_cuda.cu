#include <algorithm>

#include "kernels/factorization/gram_matrix_cuda.h"
#include "kernels/factorization/padded.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/operand.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::factorization {
namespace {

constexpr int kThreads = kLanes * kLanes;
constexpr int kRows = 16;  // that a block holds at once
constexpr int64_t kMostSlices = 32;
constexpr int64_t kLeastRowsOfSlice = 1024;

// A block makes the kLanes × kLanes products of two groups of columns over one slice of the rows, a thread one product,
// in rising order of the rows. Per row 2 flops a product in double and 128 bytes read; the L2 cache holds the rows of a
// slice for the other pairs of groups: bound by shared memory, which gives two numbers per product.
__global__ void __launch_bounds__(kThreads)
    gram_slices_kernel(const float* __restrict__ matrix,  // (rows, columns)
                       int64_t rows, int64_t columns, int64_t slice_rows,
                       double* __restrict__ slices) {  // (slices, columns, columns)
  __shared__ double left[kRows][kLanes], right[kRows][kLanes];
  const int64_t groups = columns / kLanes, pair = blockIdx.x % (groups * groups);
  const int64_t slice = blockIdx.x / (groups * groups);
  const int64_t left_column = pair / groups * kLanes, right_column = pair % groups * kLanes;
  const int t = threadIdx.x / kLanes, lane = threadIdx.x % kLanes;
  const int64_t end = min(rows, (slice + 1) * slice_rows);
  double sum = 0;
  for (int64_t first = slice * slice_rows; first < end; first += kRows) {
    const int64_t row = first + t;
    __syncthreads();
    left[t][lane] = row < end ? static_cast<double>(matrix[element(row, columns, left_column + lane)]) : 0.0;
    right[t][lane] = row < end ? static_cast<double>(matrix[element(row, columns, right_column + lane)]) : 0.0;
    __syncthreads();
#pragma unroll
    for (int n = 0; n < kRows; ++n) sum += left[n][t] * right[n][lane];
  }
  slices[slice * columns * columns + element(left_column + t, columns, right_column + lane)] = sum;
}

// gram[n] = Σ over slices in rising order. 8 bytes read per slice and product.
__global__ void add_slices_kernel(const double* __restrict__ slices,  // (slices, products)
                                  int64_t slice_count, int64_t products, double* __restrict__ gram) {
  const int64_t n = grid_thread(blockIdx.x, blockDim.x, threadIdx.x);
  if (n >= products) return;
  double sum = 0;
  for (int64_t slice = 0; slice < slice_count; ++slice) sum += slices[element(slice, products, n)];
  gram[n] = sum;
}

}  // namespace

Buffer<double> gram_matrix_cuda(Context& context, const MatrixView<const float>& matrix) {
  CudaResources& cuda = context.cuda();
  const int64_t columns = matrix.columns, products = columns * columns, groups = columns / kLanes;
  Buffer<double> gram(products);
  if (matrix.rows == 0) return gram;
  const int64_t slice_rows = std::max(kLeastRowsOfSlice, pieces(matrix.rows, kMostSlices));
  const int64_t slice_count = pieces(matrix.rows, slice_rows);
  const Operand<float> rows(cuda, matrix.data, matrix.rows * columns);
  DeviceBuffer<double> slices(cuda, slice_count * products), sums(cuda, products);
  launch(cuda, Kernel("gram_slices_kernel", gram_slices_kernel), {slice_count * groups * groups, kThreads, 0},
         rows.data(), matrix.rows, columns, slice_rows, slices.data());
  launch(cuda, Kernel("add_slices_kernel", add_slices_kernel), one_thread_each(products), slices.data(), slice_count,
         products, sums.data());
  download(cuda, gram.span(), sums);
  return gram;
}

}  // namespace matinee::factorization
