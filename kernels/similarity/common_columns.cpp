#include "kernels/similarity/common_columns.h"

#include <algorithm>
#include <functional>

#include "kernels/similarity/common_columns_cpu.h"
#include "kernels/support/error.h"

namespace matinee::similarity {

void common_columns(Context& context, SparseView rows, SparseView columns, std::span<const int32_t> chosen,
                    MatrixView<float> counts) {
  const auto size = static_cast<int64_t>(chosen.size());
  const bool rises = std::ranges::adjacent_find(chosen, std::greater_equal<>()) == chosen.end();
  if (rows.rows != columns.columns || rows.columns != columns.rows || rows.size() != columns.size() || !rises ||
      (size > 0 && (chosen.front() < 0 || chosen.back() >= rows.rows)) || counts.rows != size ||
      counts.columns != size || counts.stride < size) {
    fail(ErrorKind::kConfig, "common columns of {} of {} rows, with {} × {} as their transpose, into {} × {}", size,
         rows.rows, columns.rows, columns.columns, counts.rows, counts.columns);
  }
  common_columns_cpu(context, rows, columns, chosen, counts);
}

}  // namespace matinee::similarity
