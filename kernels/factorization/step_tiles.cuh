#pragma once

#include <cstdint>
#include <span>
#include <type_traits>

#include "kernels/factorization/group_biases.cuh"
#include "kernels/factorization/staged_row.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::factorization {

// What a step works with.
struct StepOperands {
  DeviceRows users, items;
  float mean;
  Objective objective;
  __device__ float predictor(float user_bias, float item_bias, float product) const {
    return ((mean + user_bias) + item_bias) + product;
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

  // Tile `in_block` of the block of two groups; beyond the last one: none.
  template <int kThreads>
  __device__ TileRatings<kThreads> tile(int32_t user_group, int32_t item_group, int64_t in_block) const {
    return {ratings, offsets, cut.first_tile(user_group, item_group) + in_block};
  }
};

// What the teams of a block of threads share.
template <Updates updates, int kThreads>
struct StepMemory {
  // Only the block itself has its users, for as long as it runs; their biases are changed as if updates were ordered.
  GroupBiases<Updates::kOrdered, kThreads> users;
  GroupBiases<updates, kThreads> items;
  float* rows;  // room of one team
};

// How shared memory is dealt out: rows of each team, then biases.
struct StepRoom {
  int64_t team_floats;
  BiasRoom biases;

  int64_t bytes(int64_t teams, Updates updates) const {
    return (teams * team_floats + biases.floats(updates)) * static_cast<int64_t>(sizeof(float));
  }
};

// A kind of steps is a type Steps with
//   kThreads               of a team: kTeam, or kWarp
//   kMostThreads           of a block
//   kLeastBlocks           that registers leave room for at once
//   kUpdates               which steps may overlap
//   kUserBiases            whether the biases of users change
//   run(operands, rate, ratings, memory), which all threads of the warp call; takes the steps of a tile, returns Σ e²
//   to all of the team
// A block of threads has a group of users, for each of the places of strata in order, and so the items of another
// group. Its teams take the tiles of a step, then wait for each other. Two blocks share no row while they are at one
// place: ordered steps are a launch for each place, lock-free ones a single launch.
template <typename Steps>
__global__ void __launch_bounds__(Steps::kMostThreads, Steps::kLeastBlocks)
    step_kernel(const StepOperands operands, const EpochTiles tiles, const StepRoom room, int32_t first_place,
                int32_t places, double* __restrict__ block_squares) {  // (places of strata, groups)
  __shared__ double tile_squares[2][RatingBlocks::kMaximumParts];
  extern __shared__ float4 shared[];
  float* const memory = reinterpret_cast<float*>(shared);
  const int teams = static_cast<int>(blockDim.x) / Steps::kThreads,
            team = static_cast<int>(threadIdx.x) / Steps::kThreads;
  float* const biases = memory + teams * room.team_floats;
  constexpr Updates kUpdates = Steps::kUpdates;
  StepMemory<kUpdates, Steps::kThreads> mine = {room.biases.of_users<Steps::kThreads>(operands.users, biases),
                                                room.biases.of_items<kUpdates, Steps::kThreads>(operands.items, biases),
                                                memory + team * room.team_floats};
  const EpochRate rate(*tiles.epoch);
  const auto group = static_cast<int32_t>(blockIdx.x);
  const int32_t parts = tiles.cut.parts;
  mine.users.take(group);
  for (int32_t place = first_place; place < first_place + places; ++place) {
    const int32_t item_group = tiles.cut.item_group(tiles.epoch->strata[place], group);
    mine.items.take(item_group);
    __syncthreads();
    double squares = 0;  // of the first thread
    for (int32_t step = 0; step < parts; ++step) {
      double* const of_step = tile_squares[step % 2];
      for (int32_t first = 0; first < parts; first += teams) {
        const int32_t part = first + team;
        TileRatings<Steps::kThreads> ratings;
        if (part < parts) ratings = tiles.tile<Steps::kThreads>(group, item_group, step * parts + part);
        const double of_tile = Steps::run(operands, rate, ratings, mine);
        if (part < parts && team_member<Steps::kThreads>() == 0) of_step[part] = of_tile;
      }
      __syncthreads();
      for (int32_t part = 0; threadIdx.x == 0 && part < parts; ++part) squares += of_step[part];
    }
    if (threadIdx.x == 0) block_squares[place * tiles.cut.groups + group] = squares;
    if (operands.objective.biases) mine.items.give_back();
  }
  if (operands.objective.biases && Steps::kUserBiases) mine.users.give_back();
}

using StepKernel = Kernel<StepOperands, EpochTiles, StepRoom, int32_t, int32_t, double*>;

// The kernels of a kind of steps, for rows of one size.
struct StepKernels {
  StepKernel ordered, lock_free;
  int threads;          // of a team
  int most_threads;     // of a block
  int64_t team_floats;  // of shared memory
};

template <typename Ordered, typename LockFree>
StepKernels step_kernels(const char* name, int64_t team_floats) {
  return {{name, step_kernel<Ordered>},
          {name, step_kernel<LockFree>},
          Ordered::kThreads,
          Ordered::kMostThreads,
          team_floats};
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

// The room for the biases of the training's groups, none where they do not fit into so many floats, or where groups are
// so large and their blocks so small that it is less to read a sector for each bias of each rating.
BiasRoom bias_room(const DeviceTraining& training, bool shares, Updates updates, int64_t floats);

// Σ over strata of Σ over their blocks, once the kernels are done.
double sum_of_squares(CudaResources& cuda, const DeviceTraining& training, int64_t strata);

}  // namespace matinee::factorization
