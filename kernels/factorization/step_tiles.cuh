#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "kernels/factorization/team_rows.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::factorization {

// A warp: few teams work at a time, so that each multiprocessor should get some.
inline constexpr int kStepThreads = 32;
inline constexpr int64_t kStepTeams = kStepThreads / kTeam;

// The tiles of one step of a stratum, which teams work on at the same time.
struct Tiles {
  const Rating* ratings;
  const int64_t* offsets;
  Cut cut;
  int32_t stratum, step;
};

// The tile that a team has in this step.
struct TeamTile {
  TileRatings ratings;
  double* squares = nullptr;  // where its Σ e² goes

  __device__ TeamTile(const Tiles& tiles, double* tile_squares) {
    const int64_t team = grid_thread(blockIdx.x, kStepThreads, threadIdx.x) / kTeam;
    if (team >= int64_t{tiles.cut.groups} * tiles.cut.parts) return;
    const int64_t group = team / tiles.cut.parts;
    const int64_t in_block = int64_t{tiles.step} * tiles.cut.parts + team % tiles.cut.parts;
    const int64_t tile = tiles.cut.first_tile(tiles.stratum, group) + in_block;
    ratings = TileRatings(tiles.ratings, tiles.offsets, tile);
    squares = tile_squares + group * tiles.cut.block_tiles() + in_block;
  }
  __device__ void finish(double sum) const {
    if (squares != nullptr && team_member() == 0) *squares = sum;
  }
};

// Launches step(shape, tiles) for each step of each stratum, in order, and returns Σ of what its teams left in
// tile_squares, in the order of tiles, blocks and strata.
template <typename Step>
double descend_by_steps(CudaResources& cuda, DeviceTraining& training, std::span<const int32_t> strata,
                        const Step& step) {
  const Cut cut = training.cut;
  const LaunchShape shape = {pieces(int64_t{cut.groups} * cut.parts, kStepTeams), kStepThreads, 0};
  double squares = 0;
  for (std::size_t first = 0; first < strata.size(); first += static_cast<std::size_t>(cut.groups)) {
    const auto taken = strata.subspan(first, std::min(strata.size() - first, static_cast<std::size_t>(cut.groups)));
    double* block_squares = training.block_squares.data();
    for (const int32_t stratum : taken) {
      for (int32_t number = 0; number < cut.parts; ++number) {
        step(shape, Tiles{training.ratings.data(), training.tile_offsets.data(), cut, stratum, number});
      }
      add_tile_squares(cuda, training, block_squares);
      block_squares += cut.groups;
    }
    squares += sum_of_squares(cuda, training, static_cast<int64_t>(taken.size()));
  }
  return squares;
}

}  // namespace matinee::factorization
