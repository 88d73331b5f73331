#include <algorithm>

#include "kernels/factorization/squared_error_cuda.h"
#include "kernels/factorization/step_tiles.cuh"

namespace matinee::factorization {
namespace {

constexpr int kThreads = 128;
constexpr int kTeams = kThreads / kTeam;

// Σ e² of a tile, its ratings one after the other, as the order of additions wants it.
template <typename T>
__device__ double tile_errors(const StepOperands& operands, const GroupBiases<Updates::kOrdered, kTeam>& users,
                              const GroupBiases<Updates::kOrdered, kTeam>& items, TileRatings<kTeam>& ratings) {
  const int32_t longest = longest_of_warp(ratings.size());
  double squares = 0;
  for (int32_t n = 0; n < longest; ++n) {
    const Rating rating = ratings.next();
    const bool active = rating.user >= 0;
    unsigned char* p = operands.users.row(active ? rating.user : 0);
    unsigned char* q = operands.items.row(active ? rating.item : 0);
    const float product = row_product<T>(operands.users, p, q, active);
    if (!active) continue;
    const float x = operands.predictor(users.bias(rating.user), items.bias(rating.item), product);
    const float error = rating_error(operands.objective.link, rating.value, x);
    squares += static_cast<double>(error) * static_cast<double>(error);
  }
  return squares;
}

// A block of threads for each block of ratings of each stratum, a team per tile. Per rating: 12 bytes and both rows,
// factors × bytes of a number each; 2 flops per factor: bound by memory. A block reads 4 bytes for each row of its
// groups beside them.
template <typename T>
__global__ void __launch_bounds__(kThreads, 8)
    block_errors_kernel(const StepOperands operands, const EpochTiles tiles, const BiasRoom room,
                        double* __restrict__ block_squares) {  // (strata, groups)
  extern __shared__ double tile_squares[];                     // (parts × parts), then biases
  const auto group = static_cast<int32_t>(blockIdx.x % tiles.cut.groups);
  const int32_t item_group = tiles.cut.item_group(static_cast<int32_t>(blockIdx.x / tiles.cut.groups), group);
  const int64_t block_tiles = tiles.cut.block_tiles(), team = threadIdx.x / kTeam, teams = blockDim.x / kTeam;
  float* const biases = reinterpret_cast<float*>(tile_squares + block_tiles);
  auto users = room.of_users<kTeam>(operands.users, biases);
  auto items = room.of_items<Updates::kOrdered, kTeam>(operands.items, biases);
  users.take(group);
  items.take(item_group);
  __syncthreads();
  for (int64_t first = 0; first < block_tiles; first += teams) {
    const int64_t tile = first + team;
    TileRatings<kTeam> ratings;
    if (tile < block_tiles) ratings = tiles.tile<kTeam>(group, item_group, tile);
    const double squares = tile_errors<T>(operands, users, items, ratings);
    if (tile < block_tiles && team_member() == 0) tile_squares[tile] = squares;
  }
  __syncthreads();
  if (threadIdx.x != 0) return;
  double squares = 0;
  for (int64_t tile = 0; tile < block_tiles; ++tile) squares += tile_squares[tile];
  block_squares[blockIdx.x] = squares;
}

auto kernel_for(Storage storage) {
  return by_storage(storage,
                    [](auto number) { return Kernel("block_errors_kernel", block_errors_kernel<decltype(number)>); });
}

}  // namespace

double squared_error_cuda(Context& context, const TrainingOperands& operands) {
  CudaResources& cuda = context.cuda();
  DeviceTraining& training = operands.on_device();
  constexpr int64_t kFloat = sizeof(float), kMostBiases = 16 * 1024 / kFloat;  // so that many blocks run at once
  const Cut cut = training.cut;
  const BiasRoom room = bias_room(training, false, Updates::kOrdered, kMostBiases);
  const int64_t teams = std::min<int64_t>(kTeams, cut.block_tiles());
  const LaunchShape shape = {int64_t{cut.groups} * cut.groups, static_cast<int>(rounded_up(teams * kTeam, kWarp)),
                             cut.block_tiles() * int64_t{sizeof(double)} + room.floats(Updates::kOrdered) * kFloat};
  StepOperands on_rows = {training.users.view(), training.items.view(), training.mean, operands.objective()};
  on_rows.users.shares = on_rows.items.shares = nullptr;  // an error has none
  const EpochTiles tiles = {training.ratings.data(), training.tile_offsets.data(), cut, training.epoch.data()};
  launch(cuda, kernel_for(training.storage), shape, on_rows, tiles, room, training.block_squares.data());
  return sum_of_squares(cuda, training, cut.groups);
}

}  // namespace matinee::factorization
