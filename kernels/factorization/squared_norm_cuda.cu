#include <vector>

#include "kernels/factorization/squared_norm_cuda.h"
#include "kernels/factorization/training_operands_cuda.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::factorization {
namespace {

constexpr int kThreads = 256;

// A thread per lane of a block of rows. The kNormLanes neighbours read a sector of 32 bytes between them, of halves two
// parts of 8 bytes; 2 flops per number.
template <typename T>
__global__ void __launch_bounds__(kThreads)
    lane_squares_kernel(StoredMatrix matrix, double* __restrict__ sums) {  // (kNormBlocks, kNormLanes)
  const int64_t thread = grid_thread(blockIdx.x, kThreads, threadIdx.x);
  const int64_t block = thread / kNormLanes, lane = thread % kNormLanes;
  if (block >= kNormBlocks) return;
  double sum = 0;
  for (int64_t row = norm_block_begin(matrix.rows, block); row < norm_block_begin(matrix.rows, block + 1); ++row) {
    const T* numbers = matrix.row<T>(matrix.places == nullptr ? row : matrix.places[row]);
    for (int64_t column = lane; column < matrix.columns; column += kNormLanes) {
      const auto value =
          static_cast<double>(widen(numbers[sizeof(T) == 4 ? column : half_place(column, matrix.columns)]));
      sum += value * value;
    }
  }
  sums[thread] = sum;
}

auto kernel_for(Storage storage) {
  return by_storage(storage,
                    [](auto number) { return Kernel("lane_squares_kernel", lane_squares_kernel<decltype(number)>); });
}

}  // namespace

double squared_norm_cuda(Context& context, const StoredMatrix& matrix) {
  CudaResources& cuda = context.cuda();
  DeviceBuffer<double> lanes(cuda, kNormBlocks * kNormLanes);
  launch(cuda, kernel_for(matrix.storage), one_thread_each(lanes.size(), kThreads), matrix, lanes.data());
  std::vector<double> sums(static_cast<std::size_t>(lanes.size()));
  download<double>(cuda, sums, lanes);
  double norm = 0;
  for (auto block = sums.begin(); block != sums.end(); block += kNormLanes) {
    double sum = 0;
    for (auto lane = block; lane != block + kNormLanes; ++lane) sum += *lane;
    norm += sum;
  }
  return norm;
}

}  // namespace matinee::factorization
