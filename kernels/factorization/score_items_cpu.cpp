#include <algorithm>

#include "kernels/factorization/score_items.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization {
namespace {

constexpr int64_t kTile = 4;           // users whose sums stay in registers together
constexpr int64_t kUsersPerTask = 16;  // users that share one reading of the panels

// sums[t][lane] = Σ_k rows[t][k] panel[k][lane]
[[gnu::always_inline]] inline void multiply_panel(const float* const (&rows)[kTile], const float* panel,
                                                  int64_t factors, float (&sums)[kTile][kPanel]) {
  float local[kTile][kPanel] = {};
  for (int64_t k = 0; k < factors; ++k) {
    for (int64_t t = 0; t < kTile; ++t) {
      const float weight = rows[t][k];
      for (int64_t lane = 0; lane < kPanel; ++lane) local[t][lane] += weight * panel[k * kPanel + lane];
    }
  }
  std::copy_n(&local[0][0], kTile * kPanel, &sums[0][0]);
}

MATINEE_MULTIVERSION
void score_users(const ScoringModel& model, std::span<const int32_t> users, MatrixView<float> scores) {
  const int64_t count = static_cast<int64_t>(users.size()), factors = model.user_factors.columns;
  for (int64_t first_item = 0; first_item < scores.columns; first_item += kPanel) {
    const float* panel = model.item_panels + first_item * factors;
    const int64_t lanes = std::min(kPanel, scores.columns - first_item);
    for (int64_t first = 0; first < count; first += kTile) {
      const float* rows[kTile];
      for (int64_t t = 0; t < kTile; ++t) {
        rows[t] = model.user_factors.row(users[static_cast<std::size_t>(std::min(first + t, count - 1))]);
      }
      float sums[kTile][kPanel];
      multiply_panel(rows, panel, factors, sums);
      for (int64_t t = 0; t < kTile && first + t < count; ++t) {
        const float base = model.mean + model.user_biases[users[static_cast<std::size_t>(first + t)]];
        float* row = scores.row(first + t) + first_item;
        for (int64_t lane = 0; lane < lanes; ++lane) {
          row[lane] = (base + model.item_biases[first_item + lane]) + sums[t][lane];
        }
      }
    }
  }
}

}  // namespace

void score_items_cpu(Context& context, const ScoringModel& model, std::span<const int32_t> users,
                     MatrixView<float> scores) {
  parallel_blocks(context, static_cast<int64_t>(users.size()), kUsersPerTask, [&](int64_t begin, int64_t end, int) {
    score_users(model, users.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin)),
                {scores.row(begin), end - begin, scores.columns, scores.stride});
  });
}

}  // namespace matinee::factorization
