#include <algorithm>
#include <vector>

#include "kernels/factorization/step_tiles.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::factorization {
namespace {

constexpr int kThreads = RatingBlocks::kMaximumGroups;

// A thread per block, all in one block of threads. Reads 8 bytes per tile, in the one order of additions.
__global__ void __launch_bounds__(kThreads)
    add_tile_squares_kernel(const double* __restrict__ tile_squares,  // (groups, parts × parts)
                            Cut cut, DeviceEpoch* epoch,
                            double* __restrict__ block_squares) {  // (places, groups)
  const int32_t block = static_cast<int32_t>(threadIdx.x), place = epoch->place;
  if (block < cut.groups) {
    const double* tiles = tile_squares + block * cut.block_tiles();
    double sum = 0;
    for (int64_t tile = 0; tile < cut.block_tiles(); ++tile) sum += tiles[tile];
    block_squares[int64_t{place} * cut.groups + block] = sum;
  }
  __syncthreads();
  if (threadIdx.x == 0) epoch->place = place + 1;
}

double sum_of(CudaResources& cuda, const DeviceBuffer<double>& numbers, int64_t count) {
  std::vector<double> values(static_cast<std::size_t>(count));
  download<double>(cuda, values, numbers);
  double sum = 0;
  for (const double value : values) sum += value;
  return sum;
}

LaunchShape shape_of(const Cut& cut, const StepKernels& kernels) {
  return {pieces(cut.step_tiles(), kWarp / kernels.threads), kWarp, kernels.shared_bytes};
}

}  // namespace

void begin_call(CudaResources& cuda, DeviceTraining& training, std::span<const int32_t> strata,
                const EpochOptions& options) {
  DeviceEpoch epoch = {options.rounding_key, options.learning_rate, 0, {}};
  std::copy(strata.begin(), strata.end(), epoch.strata);
  upload_bytes(cuda, training.epoch.data(), &epoch, sizeof epoch);
}

void add_tile_squares(CudaResources& cuda, DeviceTraining& training) {
  launch(cuda, Kernel("add_tile_squares_kernel", add_tile_squares_kernel), {1, kThreads, 0},
         training.tile_squares.data(), training.cut, training.epoch.data(), training.block_squares.data());
}

double sum_of_squares(CudaResources& cuda, const DeviceTraining& training, int64_t strata) {
  return sum_of(cuda, training.block_squares, strata * training.cut.groups);
}

double run_steps(CudaResources& cuda, DeviceTraining& training, std::span<const int32_t> strata,
                 const EpochOptions& options, const Objective& objective, const StepKernels& kernels) {
  const Cut cut = training.cut;
  const LaunchShape shape = shape_of(cut, kernels);
  const StepOperands operands = {training.users(), training.items(), training.mean, objective};
  const EpochTiles tiles = {training.ratings.data(), training.tile_offsets.data(), cut, training.epoch.data()};
  double squares = 0;
  for (std::size_t first = 0; first < strata.size(); first += static_cast<std::size_t>(cut.groups)) {
    const auto taken = strata.subspan(first, std::min(strata.size() - first, static_cast<std::size_t>(cut.groups)));
    begin_call(cuda, training, taken, options);
    if (options.updates == Updates::kLockFree) {
      launch(cuda, kernels.lock_free, shape, operands, tiles, static_cast<int32_t>(taken.size()),
             training.tile_squares.data());
      squares += sum_of(cuda, training.tile_squares, cut.step_tiles());
      continue;
    }
    const void* kernel = reinterpret_cast<const void*>(kernels.ordered.function);
    if (!training.stratum || training.stratum_kernel != kernel || training.stratum_objective != objective) {
      training.stratum_kernel = kernel;
      training.stratum_objective = objective;
      training.stratum = std::make_unique<CapturedWork>(cuda, [&] {
        for (int32_t step = 0; step < cut.parts; ++step) {
          launch(cuda, kernels.ordered, shape, operands, tiles, step, training.tile_squares.data());
        }
        add_tile_squares(cuda, training);
      });
    }
    for (std::size_t place = 0; place < taken.size(); ++place) training.stratum->launch(cuda);
    squares += sum_of_squares(cuda, training, static_cast<int64_t>(taken.size()));
  }
  return squares;
}

}  // namespace matinee::factorization
