#include <vector>

#include "kernels/factorization/team_rows.cuh"
#include "kernels/support/launch.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::factorization {
namespace {

constexpr int kThreads = 32;

// A thread per block. Reads 8 bytes per tile, in the one order of additions.
__global__ void __launch_bounds__(kThreads)
    add_tile_squares_kernel(const double* __restrict__ tile_squares,        // (groups, parts × parts)
                            Cut cut, double* __restrict__ block_squares) {  // (groups)
  const int64_t block = grid_thread(blockIdx.x, kThreads, threadIdx.x);
  if (block >= cut.groups) return;
  const double* tiles = tile_squares + block * cut.block_tiles();
  double sum = 0;
  for (int64_t tile = 0; tile < cut.block_tiles(); ++tile) sum += tiles[tile];
  block_squares[block] = sum;
}

}  // namespace

void add_tile_squares(CudaResources& cuda, DeviceTraining& training, double* block_squares) {
  launch(cuda, Kernel("add_tile_squares_kernel", add_tile_squares_kernel),
         one_thread_each(training.cut.groups, kThreads), training.tile_squares.data(), training.cut, block_squares);
}

double sum_of_squares(CudaResources& cuda, const DeviceTraining& training, int64_t strata) {
  std::vector<double> squares(static_cast<std::size_t>(strata * training.cut.groups));
  download<double>(cuda, squares, training.block_squares);
  double sum = 0;
  for (const double block : squares) sum += block;
  return sum;
}

}  // namespace matinee::factorization
