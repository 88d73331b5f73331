#include <numeric>
#include <vector>

#include "kernels/factorization/squared_error_cuda.h"
#include "kernels/factorization/step_tiles.cuh"

namespace matinee::factorization {
namespace {

constexpr int kThreads = 128;
constexpr int64_t kTeams = kThreads / kTeam;

// A team per tile of the stratum, its ratings one after the other, as the order of additions wants it. Per rating: 12
// bytes and both rows, factors × bytes of a number + 32 each; 2 flops per factor.
template <typename T>
__global__ void __launch_bounds__(kThreads)
    tile_errors_kernel(StepOperands operands, EpochTiles tiles,
                       double* __restrict__ tile_squares) {  // (groups, parts × parts)
  const int64_t team = grid_thread(blockIdx.x, kThreads, threadIdx.x) / kTeam;
  const int64_t block_tiles = tiles.cut.block_tiles();
  const bool present = team < tiles.cut.groups * block_tiles;
  TileRatings<kTeam> ratings;
  if (present) {
    const int32_t stratum = tiles.epoch->strata[tiles.epoch->place];
    const int64_t tile = tiles.cut.first_tile(stratum, team / block_tiles) + team % block_tiles;
    ratings = {tiles.ratings, tiles.offsets, tile};
  }
  const int64_t longest = longest_of_warp(ratings.size());
  const Link link = operands.objective.link;
  double squares = 0;
  for (int64_t n = 0; n < longest; ++n) {
    const Rating rating = ratings.next();
    const bool active = rating.user >= 0;
    unsigned char* p = operands.users.row(active ? rating.user : 0);
    unsigned char* q = operands.items.row(active ? rating.item : 0);
    const float product = row_product<T>(operands.users, p, q, active);
    if (!active) continue;
    const float2 p_tail = *row_tail(operands.users, p, team_member());
    const float2 q_tail = *row_tail(operands.items, q, team_member());
    const float error = rating_error(link, rating.value, operands.predictor(p_tail, q_tail, product));
    squares += static_cast<double>(error) * static_cast<double>(error);
  }
  if (present && team_member() == 0) tile_squares[team] = squares;
}

auto kernel_for(Storage storage) {
  return by_storage(storage,
                    [](auto number) { return Kernel("tile_errors_kernel", tile_errors_kernel<decltype(number)>); });
}

}  // namespace

double squared_error_cuda(Context& context, const TrainingOperands& operands) {
  CudaResources& cuda = context.cuda();
  DeviceTraining& training = operands.on_device();
  const Cut cut = training.cut;
  const LaunchShape shape = {pieces(cut.groups * cut.block_tiles(), kTeams), kThreads, 0};
  const StepOperands on_rows = {training.users(), training.items(), training.mean, operands.objective()};
  const EpochTiles tiles = {training.ratings.data(), training.tile_offsets.data(), cut, training.epoch.data()};
  std::vector<int32_t> strata(static_cast<std::size_t>(cut.groups));
  std::iota(strata.begin(), strata.end(), 0);
  begin_call(cuda, training, strata, 0.0f);
  for (int32_t stratum = 0; stratum < cut.groups; ++stratum) {
    launch(cuda, kernel_for(training.storage), shape, on_rows, tiles, training.tile_squares.data());
    add_tile_squares(cuda, training);
  }
  return sum_of_squares(cuda, training, cut.groups);
}

}  // namespace matinee::factorization
