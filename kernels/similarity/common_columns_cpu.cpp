#include "kernels/similarity/common_columns_cpu.h"

#include <algorithm>
#include <vector>

namespace matinee::similarity {
namespace {

constexpr int64_t kRowsPerTask = 8;

}  // namespace

void common_columns_cpu(Context& context, SparseView rows, SparseView columns, std::span<const int32_t> chosen,
                        MatrixView<float> counts) {
  std::vector<int32_t> place(static_cast<std::size_t>(rows.rows), -1);
  for (std::size_t n = 0; n < chosen.size(); ++n) place[static_cast<std::size_t>(chosen[n])] = static_cast<int32_t>(n);
  std::vector<std::vector<int32_t>> scratch(static_cast<std::size_t>(context.threads()));
  parallel_blocks(context, counts.rows, kRowsPerTask, [&](int64_t begin, int64_t end, int worker) {
    std::vector<int32_t>& sums = scratch[static_cast<std::size_t>(worker)];
    for (int64_t n = begin; n < end; ++n) {
      sums.assign(static_cast<std::size_t>(n) + 1, 0);
      const int32_t row = chosen[static_cast<std::size_t>(n)];
      for (const int32_t column : rows.row_indices(row)) {
        for (const int32_t other : columns.row_indices(column)) {
          if (other > row) break;  // indices rise
          if (const int32_t at = place[static_cast<std::size_t>(other)]; at >= 0) ++sums[static_cast<std::size_t>(at)];
        }
      }
      std::transform(sums.begin(), sums.end(), counts.row(n), [](int32_t sum) { return static_cast<float>(sum); });
    }
  });
}

}  // namespace matinee::similarity
