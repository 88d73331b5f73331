#include <algorithm>
#include <vector>

#include "kernels/factorization/als_sweep.h"
#include "kernels/factorization/cholesky_panels_cpu.h"
#include "kernels/support/buffer.h"
#include "kernels/support/multiversion.h"

namespace matinee::factorization {
namespace {

constexpr int64_t kGathered = 128;   // fixed rows that are gathered together: each panel of them stays in the L1 cache
constexpr int64_t kRowsPerTask = 4;  // few: rows differ much in cost
constexpr double kFlopsPerShare = 2e10;  // between two calls of rows_done: less than a second

// What one thread needs.
struct Scratch {
  explicit Scratch(int64_t columns) : triangle(triangle_elements(columns)), gathered(kGathered * columns) {}
  Buffer<float> triangle;  // of the system, then its factor
  Buffer<float> gathered;  // (panels, kGathered, kLanes)
};

// Copies the rows of some ratings into panels, and adds them to `sum`.
[[gnu::always_inline]] inline void gather(const AlsSweep& sweep, std::span<const int32_t> ratings, float* gathered,
                                          float* sum) {
  for (std::size_t n = 0; n < ratings.size(); ++n) {
    const float* source = sweep.fixed.row(ratings[n]);
    if (n + 4 < ratings.size()) __builtin_prefetch(sweep.fixed.row(ratings[n + 4]));
    for (int64_t column = 0; column < sweep.fixed.columns; column += kLanes) {
      float* target = gathered + column * kGathered + static_cast<int64_t>(n) * kLanes;
      for (int64_t lane = 0; lane < kLanes; ++lane) target[lane] = source[column + lane];
      for (int64_t lane = 0; lane < kLanes; ++lane) sum[column + lane] += source[column + lane];
    }
  }
}

MATINEE_MULTIVERSION_FUSED
void solve_row(const AlsSweep& sweep, const Buffer<float>& common, int32_t row, float penalty, Scratch& scratch,
               float* solved) {
  const int64_t columns = sweep.fixed.columns;
  std::fill_n(solved, columns, 0.0f);
  const auto ratings = sweep.ratings.row_indices(row);
  if (ratings.empty()) return;
  float* triangle = scratch.triangle.data();
  std::copy_n(common.data(), common.size(), triangle);
  for (std::size_t first = 0; first < ratings.size(); first += kGathered) {
    const auto some = ratings.subspan(first, std::min<std::size_t>(kGathered, ratings.size() - first));
    gather(sweep, some, scratch.gathered.data(), solved);
    cpu::add_gram(scratch.gathered.data(), static_cast<int64_t>(some.size()), kGathered * kLanes, columns, triangle);
  }
  for (int64_t k = 0; k < sweep.factors; ++k) triangle[panel_start(k / kLanes) + k * kLanes + k % kLanes] += penalty;
  cpu::factorize(triangle, columns);
  cpu::substitute(triangle, columns, solved);
}

}  // namespace

void als_sweep_cpu(Context& context, const AlsSweep& sweep, int64_t first, const MatrixView<float>& solved,
                   const RowsDone& rows_done) {
  const Buffer<float> common = common_triangle(sweep), penalties = penalties_of(sweep);
  std::vector<Scratch> scratch;
  for (int worker = 0; worker < context.threads(); ++worker) scratch.emplace_back(sweep.fixed.columns);
  while (first < sweep.ratings.rows) {
    const int64_t end = end_of_share(sweep, first, kFlopsPerShare);
    parallel_blocks(context, end - first, kRowsPerTask, [&](int64_t block_first, int64_t block_end, int worker) {
      for (int64_t row = first + block_first; row < first + block_end; ++row) {
        solve_row(sweep, common, static_cast<int32_t>(row), penalties[row], scratch[static_cast<std::size_t>(worker)],
                  solved.row(row));
      }
    });
    first = end;
    rows_done(first);
  }
}

}  // namespace matinee::factorization
