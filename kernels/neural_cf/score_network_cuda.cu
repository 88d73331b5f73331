#include <algorithm>
#include <vector>

#include "kernels/neural_cf/network_layers.cuh"
#include "kernels/neural_cf/ordered_layer.cuh"
#include "kernels/neural_cf/score_network_cuda.h"
#include "kernels/support/float_pack.cuh"
#include "kernels/support/launch.cuh"
#include "kernels/support/operand.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::neural_cf {
namespace {

constexpr int kThreads = 256, kWarp = 32, kWarps = kThreads / kWarp;

// The first layer and the products of pairs `first` …, of which pair n is user n / items with item n % items. A warp
// per pair: 8 bytes read, mostly from cache, and 4 written a number: bound by memory.
struct Sides {
  MatrixView<const float> user_rows, item_rows;      // (users or items, row)
  MatrixView<const float> user_halves, item_halves;  // (users or items, embedding)
};

__global__ void __launch_bounds__(kThreads)
    join_pairs_kernel(Sides sides, int64_t first, MatrixView<float> products, MatrixView<float> a) {
  const int64_t number = grid_thread(blockIdx.x, kThreads, threadIdx.x) / kWarp, items = sides.item_rows.rows;
  if (number >= products.rows) return;
  const int64_t user = (first + number) / items, item = (first + number) % items;
  for (int64_t k = threadIdx.x % kWarp; k < products.columns; k += kWarp) {
    row_of(products, number)[k] = row_of(sides.user_rows, user)[k] * row_of(sides.item_rows, item)[k];
  }
  for (int64_t k = threadIdx.x % kWarp; k < a.columns; k += kWarp) {
    const float x = row_of(sides.user_halves, user)[k] + row_of(sides.item_halves, item)[k];
    row_of(a, number)[k] = x < 0.0f ? 0.0f : x;
  }
}

}  // namespace

void score_network_cuda(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                        const DeviceMatrix& scores) {
  const NetworkShape& shape = network.shape;
  const int64_t count = scores.rows(), row = shape.row(), width = shape.embedding();
  const int64_t pairs = count * shape.items;
  if (pairs == 0) return;
  CudaResources& cuda = context.cuda();
  std::vector<float> rows;
  rows.reserve(static_cast<std::size_t>(count * row));
  for (const int32_t user : users)
    rows.insert(rows.end(), network.user_rows + user * row, network.user_rows + (user + 1) * row);
  const auto user_rows = uploaded<float>(cuda, rows);
  const Operand<float> item_rows(cuda, network.item_rows, shape.items * row);
  const Operand<float> item_halves(cuda, network.item_halves, shape.items * width);
  const Operand<float> dense(cuda, network.dense, shape.dense());
  DeviceBuffer<float> user_halves(cuda, count * width);
  if (shape.has_tower()) {
    ordered_layer(cuda, {user_rows.data() + shape.product(), count, width, row},
                  device_matrix(dense.data() + shape.user_half(), width, width), nullptr,
                  device_matrix(user_halves.data(), count, width));
  }
  const Sides sides = {device_matrix(user_rows.data(), count, row), device_matrix(item_rows.data(), shape.items, row),
                       device_matrix(static_cast<const float*>(user_halves.data()), count, width),
                       device_matrix(item_halves.data(), shape.items, width)};
  DeviceActivations activations(cuda, shape, std::min(pairs, kPairsAtOnce));
  for (int64_t first = 0; first < pairs; first += kPairsAtOnce) {
    const int64_t size = std::min(kPairsAtOnce, pairs - first);
    launch(cuda, Kernel("join_pairs_kernel", join_pairs_kernel), {pieces(size, kWarps), kThreads}, sides, first,
           activations.products(size), shape.has_tower() ? activations.layer(1, size) : MatrixView<float>{});
    for (int64_t layer = 2; layer <= shape.layers; ++layer) {
      ordered_layer(cuda, activations.layer(layer - 1, size),
                    device_matrix(dense.data() + shape.weights(layer), shape.width(layer), shape.width(layer - 1)),
                    dense.data() + shape.bias(layer), activations.layer(layer, size));
    }
    output_unit(cuda, shape, dense.data(), activations.features(size), scores.data() + first);
  }
}

void score_network_cuda(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                        MatrixView<float> scores) {
  const DeviceMatrix there(context, scores.rows, scores.columns);
  score_network_cuda(context, network, users, there);
  there.copy_to(context, scores);
}

}  // namespace matinee::neural_cf
