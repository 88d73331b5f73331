#include "kernels/factorization/squared_error_cuda.h"
#include "kernels/factorization/team_rows.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::factorization {
namespace {

constexpr int kThreads = 128;
constexpr int64_t kTeams = kThreads / kTeam;

struct Tiles {
  const Rating* ratings;
  const int64_t* offsets;
  Cut cut;
  int32_t stratum;
};

// A team per tile of the stratum, its ratings one after the other, as the order of additions wants it. Per rating: 12
// bytes and both rows, factors + 8 floats each; 2 flops per factor.
__global__ void __launch_bounds__(kThreads)
    tile_errors_kernel(DeviceRows users, DeviceRows items, float mean, Link link, Tiles tiles,
                       double* __restrict__ tile_squares) {  // (groups, parts × parts)
  const int64_t team = grid_thread(blockIdx.x, kThreads, threadIdx.x) / kTeam;
  const int64_t block_tiles = tiles.cut.block_tiles();
  const bool present = team < tiles.cut.groups * block_tiles;
  TileRatings ratings;
  if (present) {
    const int64_t tile = tiles.cut.first_tile(tiles.stratum, team / block_tiles) + team % block_tiles;
    ratings = TileRatings(tiles.ratings, tiles.offsets, tile);
  }
  const int64_t longest = longest_of_warp(ratings.count);
  double squares = 0;
  for (int64_t n = 0; n < longest; ++n) {
    const Rating rating = ratings[n];
    const bool active = rating.user >= 0;
    float* p = users.row(active ? rating.user : 0);
    float* q = items.row(active ? rating.item : 0);
    const float product = row_product(p, q, users.factors, active);
    if (!active) continue;
    const float x = ((mean + member_tail(p, users.factors)->x) + member_tail(q, items.factors)->x) + product;
    const float error = rating_error(link, rating.value, x);
    squares += static_cast<double>(error) * static_cast<double>(error);
  }
  if (present && team_member() == 0) tile_squares[team] = squares;
}

}  // namespace

double squared_error_cuda(Context& context, const TrainingOperands& operands) {
  CudaResources& cuda = context.cuda();
  DeviceTraining& training = operands.on_device();
  const Cut cut = training.cut;
  const LaunchShape shape = {pieces(cut.groups * cut.block_tiles(), kTeams), kThreads, 0};
  double* block_squares = training.block_squares.data();
  for (int32_t stratum = 0; stratum < cut.groups; ++stratum) {
    const Tiles tiles = {training.ratings.data(), training.tile_offsets.data(), cut, stratum};
    launch(cuda, Kernel("tile_errors_kernel", tile_errors_kernel), shape, training.users(), training.items(),
           training.mean, operands.objective().link, tiles, training.tile_squares.data());
    add_tile_squares(cuda, training, block_squares);
    block_squares += cut.groups;
  }
  return sum_of_squares(cuda, training, cut.groups);
}

}  // namespace matinee::factorization
