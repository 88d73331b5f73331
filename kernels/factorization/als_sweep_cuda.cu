#include <algorithm>
#include <string>

#include "kernels/factorization/als_sweep_cuda.h"
#include "kernels/factorization/cholesky_panels.cuh"
#include "kernels/support/error.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/operand.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::factorization {
namespace {

constexpr int kThreads = 256;
constexpr int64_t kFloatBytes = sizeof(float);
constexpr int kGathered = 32;                                 // ratings whose fixed rows a block holds at once
constexpr int kGatheredStride = kGathered * kLanes + kLanes;  // of panels: neighbours start in different banks
constexpr int kFour = 4;                                      // numbers that a thread copies at once
constexpr double kFlopsPerShare = 2e12;                       // between two calls of rows_done

// Operands on the device.
struct System {
  const int64_t* offsets;  // (rows + 1)
  const int32_t* indices;  // (ratings)
  const float* fixed;      // (fixed rows, columns)
  const float* common;     // triangle of α0 HᵀH, ones on the diagonal of the padding
  const float* penalties;  // (rows)
  int factors, columns;
};

// What a block needs beside the triangle, in shared memory.
struct Workspace {
  float* gathered;  // (panels, kGatheredStride)
  float* values;    // (columns): right-hand side, then the solution
  float* inverses;  // (columns): of the factor's diagonal

  __host__ __device__ static int64_t floats(int columns) {
    return int64_t{columns} / kLanes * kGatheredStride + 2 * int64_t{columns};
  }
  __device__ Workspace(float* memory, int columns)
      : gathered(memory), values(memory + columns / kLanes * kGatheredStride), inverses(values + columns) {}
};

__device__ void begin(const System& system, int64_t row, float* triangle, const Workspace& work) {
  const int elements = static_cast<int>(triangle_elements(system.columns));
  for (int n = threadIdx.x; n < elements; n += blockDim.x) triangle[n] = system.common[n];
  for (int k = threadIdx.x; k < system.columns; k += blockDim.x) work.values[k] = 0;
  __syncthreads();
  for (int k = threadIdx.x; k < system.factors; k += blockDim.x) {
    triangle[panel_start(k / kLanes) + k * kLanes + k % kLanes] += system.penalties[row];
  }
  __syncthreads();
}

// Adds the outer products of the fixed rows of `count` ratings to the triangle and the rows to work.values.
__device__ void add_ratings(const System& system, int64_t first, int count, float* triangle, const Workspace& work) {
  const int fours = system.columns / kFour;
  for (int n = threadIdx.x; n < count * fours; n += blockDim.x) {
    const int rating = n / fours, k = n % fours * kFour;
    const float* source = system.fixed + element(system.indices[first + rating], system.columns, k);
    float* target = work.gathered + k / kLanes * kGatheredStride + rating * kLanes + k % kLanes;
    *reinterpret_cast<float4*>(target) = cuda::four(source);
  }
  __syncthreads();
  for (int k = threadIdx.x; k < system.columns; k += blockDim.x) {
    float sum = work.values[k];
    for (int n = 0; n < count; ++n) sum += work.gathered[k / kLanes * kGatheredStride + n * kLanes + k % kLanes];
    work.values[k] = sum;
  }
  const auto panel = [&](int p) { return work.gathered + p * kGatheredStride; };
  cuda::add_gram(panel, count, 1.0F, 0, system.columns / kLanes, triangle);
  __syncthreads();
}

// A block solves one row after the other: it adds outer products of gathered rows in registers of 4 × 4 numbers a
// thread, then factorizes and substitutes, the triangle lying in shared memory or, where that is too small
// (triangles ≠ null), in global memory, which the L2 cache holds. Per row of n ratings and k columns n k² + k³ / 3
// flops and 4 n k bytes of fixed rows, so k / 4 flops a byte and more: bound by the issue of instructions, of which two
// load 16 bytes from shared memory for every 16 that multiply and add.
__global__ void __launch_bounds__(kThreads)
    als_rows_kernel(System system, int64_t first_row, int64_t rows,
                    float* __restrict__ triangles,  // (blocks, triangle) or null
                    float* __restrict__ solved) {   // (rows, columns)
  extern __shared__ float4 shared[];
  float* memory = reinterpret_cast<float*>(shared);
  const Workspace work(memory, system.columns);
  const int64_t elements = triangle_elements(system.columns);
  float* triangle =
      triangles == nullptr ? memory + Workspace::floats(system.columns) : triangles + blockIdx.x * elements;
  for (int64_t row = blockIdx.x; row < rows; row += gridDim.x) {
    const int64_t begin_rating = system.offsets[first_row + row], end_rating = system.offsets[first_row + row + 1];
    begin(system, first_row + row, triangle, work);
    for (int64_t first = begin_rating; first < end_rating; first += kGathered) {
      const int count = static_cast<int>(min(int64_t{kGathered}, end_rating - first));
      add_ratings(system, first, count, triangle, work);
    }
    if (begin_rating < end_rating) {
      cuda::factorize(triangle, system.columns / kLanes, work.inverses);
      cuda::substitute(triangle, system.columns / kLanes, work.inverses, work.values);
    }
    for (int k = threadIdx.x; k < system.columns; k += blockDim.x) {
      solved[element(row, system.columns, k)] = work.values[k];
    }
    __syncthreads();
  }
}

// How the systems lie: in shared memory where the device's blocks may have so much.
struct Plan {
  int64_t blocks = 0;  // most that run at once
  int64_t shared_bytes = 0;
  bool in_shared = false;
};

Plan plan_of(CudaResources& cuda, int columns) {
  constexpr int64_t kBlocksPerProcessor = 4;
  int device = 0, most = 0;
  check_cuda(cudaGetDevice(&device), "cudaGetDevice");
  check_cuda(cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, device), "cudaDeviceGetAttribute");
  Plan plan;
  plan.shared_bytes = (Workspace::floats(columns) + triangle_elements(columns)) * static_cast<int64_t>(sizeof(float));
  plan.in_shared = plan.shared_bytes <= most;
  if (!plan.in_shared) plan.shared_bytes = Workspace::floats(columns) * static_cast<int64_t>(sizeof(float));
  plan.blocks = plan.in_shared ? kMostBlocks : kBlocksPerProcessor * cuda.multiprocessors();
  if (plan.shared_bytes > most) {
    fail(ErrorKind::kDevice, "least squares of " + std::to_string(columns) + " factors need " +
                                 std::to_string(plan.shared_bytes) + " bytes of shared memory a block, and " +
                                 to_string(Device{DeviceKind::kCuda, device}) + " has " + std::to_string(most) +
                                 ": lower factors, or give --device cpu");
  }
  check_cuda(cudaFuncSetAttribute(als_rows_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize,
                                  static_cast<int>(plan.shared_bytes)),
             "cudaFuncSetAttribute");
  return plan;
}

}  // namespace

void als_sweep_cuda(Context& context, const AlsSweep& sweep, int64_t first, const MatrixView<float>& solved,
                    const RowsDone& rows_done) {
  if (first == sweep.ratings.rows) return;
  CudaResources& cuda = context.cuda();
  const int64_t columns = sweep.fixed.columns, rows = sweep.ratings.rows;
  const Plan plan = plan_of(cuda, static_cast<int>(columns));
  const Operand<int64_t> offsets(cuda, sweep.ratings.offsets, rows + 1);
  const Operand<int32_t> indices(cuda, sweep.ratings.indices, sweep.ratings.size());
  const Operand<float> fixed(cuda, sweep.fixed.data, sweep.fixed.rows * columns);
  const Buffer<float> triangle = common_triangle(sweep);
  const auto common = uploaded(cuda, triangle.data(), triangle.size());
  const Buffer<float> row_penalties = penalties_of(sweep);
  const auto penalties = uploaded(cuda, row_penalties.data(), rows);
  const System system{offsets.data(),
                      indices.data(),
                      fixed.data(),
                      common.data(),
                      penalties.data(),
                      static_cast<int>(sweep.factors),
                      static_cast<int>(columns)};
  DeviceBuffer<float> triangles(cuda, plan.in_shared ? 0 : std::min(plan.blocks, rows) * triangle.size());
  const auto kept = std::static_pointer_cast<float>(kept_copy(cuda, solved.data, rows * columns * kFloatBytes));
  while (first < rows) {
    const int64_t end = end_of_share(sweep, first, kFlopsPerShare), numbers = (end - first) * columns;
    DeviceBuffer<float> own(cuda, kept == nullptr ? numbers : 0);
    float* share = kept == nullptr ? own.data() : kept.get() + first * columns;
    launch(cuda, Kernel("als_rows_kernel", als_rows_kernel),
           {std::min(plan.blocks, end - first), kThreads, plan.shared_bytes}, system, first, end - first,
           plan.in_shared ? nullptr : triangles.data(), share);
    download_bytes(cuda, solved.row(first), share, numbers * kFloatBytes);
    first = end;
    rows_done(first);
  }
}

}  // namespace matinee::factorization
