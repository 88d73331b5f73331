#include <algorithm>
#include <numeric>
#include <vector>

#include "kernels/neural_cf/forward_cpu.h"
#include "kernels/neural_cf/row_loops_cpu.h"
#include "kernels/neural_cf/score_network.h"
#include "kernels/support/grid.h"

namespace matinee::neural_cf {
namespace {

MatrixView<const float> matrix(const float* data, int64_t rows, int64_t columns) {
  return {data, rows, columns, columns};
}

}  // namespace

Buffer<float> item_halves_of(const ScoringNetwork& network) {
  const NetworkShape& shape = network.shape;
  Buffer<float> halves(shape.items * shape.embedding());
  if (!shape.has_tower()) return halves;
  ForwardCpu forward(shape);
  forward.assign(network.dense);
  dense::GemmScratch scratch;
  forward.item_halves(matrix(network.item_rows, shape.items, shape.row()),
                      {halves.data(), shape.items, shape.embedding(), shape.embedding()}, scratch);
  return halves;
}

void score_network_cpu(Context& context, const ScoringNetwork& network, std::span<const int32_t> users,
                       MatrixView<float> scores) {
  const NetworkShape& shape = network.shape;
  const auto count = static_cast<int64_t>(users.size());
  ForwardCpu forward(shape);
  forward.assign(network.dense);
  std::vector<ChunkActivations> chunks;
  for (int worker = 0; worker < context.threads(); ++worker) chunks.emplace_back(shape);

  Buffer<float> rows(count * shape.row()), halves(count * shape.embedding());
  const MatrixView<float> row_view = {rows.data(), count, shape.row(), shape.row()};
  const MatrixView<float> half_view = {halves.data(), count, shape.embedding(), shape.embedding()};
  gather_rows(matrix(network.user_rows, shape.users, shape.row()), users.data(), row_view);
  if (shape.has_tower()) forward.user_halves(row_view, half_view, chunks[0].scratch);

  std::vector<int32_t> numbers(static_cast<std::size_t>(shape.items));
  std::iota(numbers.begin(), numbers.end(), 0);
  const MatrixView<const float> item_rows = matrix(network.item_rows, shape.items, shape.row());
  const MatrixView<const float> item_halves = matrix(network.item_halves, shape.items, shape.embedding());
  context.pool().run(count, [&](int64_t user, int worker) {
    const std::vector<int32_t> same(kChunk, static_cast<int32_t>(user));
    for (int64_t first = 0; first < shape.items; first += kChunk) {
      forward.run({row_view, half_view, same.data()}, {item_rows, item_halves, numbers.data() + first},
                  std::min(kChunk, shape.items - first), chunks[static_cast<std::size_t>(worker)],
                  scores.row(user) + first);
    }
  });
}

}  // namespace matinee::neural_cf
