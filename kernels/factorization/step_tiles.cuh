#pragma once

#include <cstdint>
#include <span>
#include <type_traits>

#include "kernels/factorization/staged_row.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::factorization {

// What a step works with.
struct StepOperands {
  DeviceRows users, items;
  float mean;
  Objective objective;
  __device__ float predictor(const float2& user_tail, const float2& item_tail, float product) const {
    return ((mean + user_tail.x) + item_tail.x) + product;
  }
};

// What a step takes from its epoch.
struct EpochRate {
  float learning_rate;
  uint64_t rounding_key;

  __device__ explicit EpochRate(const DeviceEpoch& epoch)
      : learning_rate(epoch.learning_rate), rounding_key(epoch.rounding_key) {}
};

// The tiles that teams work on.
struct EpochTiles {
  const int32_t* ratings;
  const int64_t* offsets;
  Cut cut;
  const DeviceEpoch* epoch;

  // Of the tiles of a step of a stratum, `team` is one: its place among those of the stratum, (groups, parts, parts).
  __device__ int64_t in_stratum(int64_t team, int32_t step) const {
    return team / cut.parts * cut.block_tiles() + int64_t{step} * cut.parts + team % cut.parts;
  }
  template <int kThreads>
  __device__ TileRatings<kThreads> tile(int64_t team, int32_t stratum, int32_t step) const {
    if (team >= cut.step_tiles()) return {};
    const int64_t group = team / cut.parts;
    const int64_t in_block = in_stratum(team, step) - group * cut.block_tiles();
    return {ratings, offsets, cut.first_tile(stratum, group) + in_block};
  }
};

// A kind of steps is a type Steps with
//   kThreads               of a team: kTeam, or kWarp
//   run(operands, rate, ratings), which all threads of the warp call; takes the steps of a tile, returns Σ e² to all of
//   the team
// Blocks are of one warp: few teams work at a time, and each multiprocessor should get some.

// A team for each tile of a step of the stratum.
template <typename Steps>
__global__ void __launch_bounds__(kWarp, 8) ordered_step_kernel(const StepOperands operands, const EpochTiles tiles,
                                                                int32_t step, double* __restrict__ tile_squares) {
  const int64_t team = grid_thread(blockIdx.x, kWarp, threadIdx.x) / Steps::kThreads;
  const EpochRate rate(*tiles.epoch);
  auto ratings = tiles.tile<Steps::kThreads>(team, tiles.epoch->strata[tiles.epoch->place], step);
  const double squares = Steps::run(operands, rate, ratings);
  if (team >= tiles.cut.step_tiles() || team_member<Steps::kThreads>() != 0) return;
  tile_squares[tiles.in_stratum(team, step)] = squares;
}

// As many teams, each of which goes through its tiles of all steps and strata without waiting for others.
template <typename Steps>
__global__ void __launch_bounds__(kWarp, 8)
    lock_free_kernel(const StepOperands operands, const EpochTiles tiles, int32_t strata,
                     double* __restrict__ team_squares) {  // (groups × parts)
  const int64_t team = grid_thread(blockIdx.x, kWarp, threadIdx.x) / Steps::kThreads;
  const EpochRate rate(*tiles.epoch);
  double squares = 0;
  for (int32_t place = 0; place < strata; ++place) {
    for (int32_t step = 0; step < tiles.cut.parts; ++step) {
      auto ratings = tiles.tile<Steps::kThreads>(team, tiles.epoch->strata[place], step);
      squares += Steps::run(operands, rate, ratings);
    }
  }
  if (team < tiles.cut.step_tiles() && team_member<Steps::kThreads>() == 0) team_squares[team] = squares;
}

// The kernels of a kind of steps, for rows of one size.
struct StepKernels {
  Kernel<StepOperands, EpochTiles, int32_t, double*> ordered, lock_free;
  int threads;           // of a team
  int64_t shared_bytes;  // of a block
};

// `shared_floats`: of a team.
template <typename Ordered, typename LockFree>
StepKernels step_kernels(const char* name, int64_t shared_floats) {
  return {{name, ordered_step_kernel<Ordered>},
          {name, lock_free_kernel<LockFree>},
          Ordered::kThreads,
          shared_floats * static_cast<int64_t>(sizeof(float))};
}

// Those of a kind of steps for the training's rows. Kind has kName, InRegisters<T, chunks, updates> for rows of at most
// so many chunks and InSharedMemory<T, updates> for longer ones, of which a step has kStagedRows.
template <typename Kind>
StepKernels kernels_for(const DeviceTraining& training) {
  return by_storage(training.storage, [factors = training.factors](auto number) {
    using T = decltype(number);
    const auto in_registers = []<int kChunks>(std::integral_constant<int, kChunks>) {
      return step_kernels<typename Kind::template InRegisters<T, kChunks, Updates::kOrdered>,
                          typename Kind::template InRegisters<T, kChunks, Updates::kLockFree>>(Kind::kName, 0);
    };
    constexpr int kLeastChunks = Piece<T>::kParts;
    if (factors <= kLeastChunks * kLanes) return in_registers(std::integral_constant<int, kLeastChunks>());
    if (factors <= 2 * kLanes) return in_registers(std::integral_constant<int, 2>());
    if (factors <= 4 * kLanes) return in_registers(std::integral_constant<int, 4>());
    if (factors <= 8 * kLanes) return in_registers(std::integral_constant<int, 8>());
    return step_kernels<typename Kind::template InSharedMemory<T, Updates::kOrdered>,
                        typename Kind::template InSharedMemory<T, Updates::kLockFree>>(
        Kind::kName, Kind::kStagedRows * rounded_up(factors, kLeastChunks * kLanes));
  });
}

// The steps of `strata` in order, or without: Σ e², in the order of tiles, blocks and strata where they are ordered.
double run_steps(CudaResources& cuda, DeviceTraining& training, std::span<const int32_t> strata,
                 const EpochOptions& options, const Objective& objective, const StepKernels& kernels);

// block_squares[place][a] = Σ of the squares of the tiles of block a, in their order; the epoch's place moves on.
// Launches a kernel over the groups.
void add_tile_squares(CudaResources& cuda, DeviceTraining& training);

// Σ over strata of Σ over their blocks, once the kernels are done.
double sum_of_squares(CudaResources& cuda, const DeviceTraining& training, int64_t strata);

// Puts what a call needs on the device.
void begin_call(CudaResources& cuda, DeviceTraining& training, std::span<const int32_t> strata,
                const EpochOptions& options);

}  // namespace matinee::factorization
