#include "kernels/similarity/weight_scores_cpu.h"

#include <algorithm>
#include <vector>

#include "kernels/support/multiversion.h"

namespace matinee::similarity {
namespace {

constexpr int64_t kUsersPerTask = 4;

MATINEE_MULTIVERSION void add_row(const float* __restrict row, int64_t count, float* __restrict sums) {
  for (int64_t n = 0; n < count; ++n) sums[n] += row[n];
}

}  // namespace

void score_by_weights_cpu(Context& context, const ItemWeights& weights, std::span<const int32_t> places,
                          SparseView by_user, std::span<const int32_t> users, MatrixView<float> scores) {
  const auto size = static_cast<int64_t>(weights.items.size());
  std::vector<std::vector<float>> scratch(static_cast<std::size_t>(context.threads()));
  parallel_blocks(context, scores.rows, kUsersPerTask, [&](int64_t begin, int64_t end, int worker) {
    std::vector<float>& sums = scratch[static_cast<std::size_t>(worker)];
    for (int64_t row = begin; row < end; ++row) {
      sums.assign(static_cast<std::size_t>(size), 0.0F);
      const int32_t user = users[static_cast<std::size_t>(row)];
      if (user < by_user.rows) {
        for (const int32_t item : by_user.row_indices(user)) {
          const int32_t place = places[static_cast<std::size_t>(item)];
          if (place >= 0) add_row(weights.weights.row(place), size, sums.data());
        }
      }
      float* own = scores.row(row);
      std::fill(own, own + scores.columns, 0.0F);
      for (int64_t n = 0; n < size; ++n) {
        own[weights.items[static_cast<std::size_t>(n)]] = sums[static_cast<std::size_t>(n)];
      }
    }
  });
}

}  // namespace matinee::similarity
