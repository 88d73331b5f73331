#include <algorithm>
#include <memory>
#include <vector>

#include "kernels/similarity/comparison_cuda.cuh"
#include "kernels/similarity/gram_products.cuh"
#include "kernels/similarity/panels.cuh"
#include "kernels/similarity/search_kinds.h"
#include "kernels/similarity/top_neighbours_cuda.h"
#include "kernels/support/transfer.cuh"

namespace matinee::similarity {
namespace {

int64_t longest_row(SparseView rows) {
  int64_t longest = 0;
  for (int32_t row = 0; row < rows.rows; ++row) longest = std::max(longest, rows.row_size(row));
  return longest;
}

// Residuals where there are any, else levels.
DeviceBuffer<int16_t> wide_values(CudaResources& cuda, SparseView ratings, std::span<const int16_t> residuals) {
  if (!residuals.empty()) return uploaded(cuda, residuals);
  const std::vector<int16_t> levels(ratings.levels, ratings.levels + ratings.size());
  return uploaded(cuda, std::span<const int16_t>(levels));
}

// Of the products that this comparison needs; without any where it cannot be had so: weights are no integers.
GramRecipe recipe_of(const Comparison& comparison) {
  const Options& options = comparison.options;
  if (options.weighted()) return {};
  const int32_t greatest = options.kind == Kind::kAdjustedCosine
                               ? comparison.maximum_level * residual_scale(comparison.maximum_level)
                               : comparison.maximum_level;
  return gram_recipe(sums_of(options.kind, options.norms), greatest);
}

// Way and reason.
ChosenWay way_of(const Comparison& comparison, const GramRecipe& recipe, const DeviceMemory& memory) {
  SearchSize size;
  size.rows = comparison.rows.rows;
  size.columns = comparison.rows.columns;
  size.ratings = comparison.rows.size();
  size.sums = sums_of(comparison.options.kind, comparison.options.norms);
  size.products = static_cast<int>(recipe.products.size());
  const int64_t matrix = rounded_up(size.rows, kTileRows) * rounded_up(size.columns, 128);
  const bool fits = static_cast<int64_t>(recipe.matrices.size()) * matrix <= memory.available() / 2;
  if (!fits && comparison.way == SearchWay::kCheapest) size.products = 0;
  return choose_way(comparison.way, size);
}

}  // namespace

void finish_comparison_cuda(Context& context, Comparison& comparison, std::span<const int16_t> column_residuals) {
  CudaResources& cuda = context.cuda();
  const SparseView rows = comparison.rows, columns = comparison.columns;
  const auto device = std::make_shared<DeviceComparison>();
  comparison.on_device = device;
  const Options& options = comparison.options;
  device->narrow = fits_narrow(options.kind, comparison.maximum_level, longest_row(rows));
  device->rows = rows.rows;
  device->columns = columns.rows;
  if (rows.size() == 0) return;
  device->row_offsets = uploaded(cuda, rows.offsets, rows.rows + int64_t{1});
  device->row_columns = uploaded(cuda, rows.indices, rows.size());
  device->column_offsets = uploaded(cuda, columns.offsets, columns.rows + int64_t{1});
  device->column_rows = uploaded(cuda, columns.indices, columns.size());
  if (device->narrow) {
    device->row_levels = uploaded(cuda, rows.levels, rows.size());
    device->column_levels = uploaded(cuda, columns.levels, columns.size());
  } else {
    device->row_values = wide_values(cuda, rows, comparison.row_residuals.span());
    device->column_values = wide_values(cuda, columns, column_residuals);
  }
  device->norms = uploaded<double>(cuda, comparison.norms.span());
  device->counts = uploaded<double>(cuda, comparison.counts.span());
  if (comparison.column_weights.size() > 0)
    device->column_weights = uploaded<double>(cuda, comparison.column_weights.span());
  device->recipe = recipe_of(comparison);
  const ChosenWay chosen = way_of(comparison, device->recipe, cuda.memory());
  device->way = chosen.way;
  comparison.way_reason = chosen.reason;
  if (device->way == SearchWay::kProducts) {
    device->matrices = DeviceBuffer<int8_t>(cuda, gram_matrix_bytes(*device));
    fill_gram_matrices(cuda, *device, device->matrices.data());
    return;
  }
  const int64_t panel_bytes = device->tiles() * device->tile_bytes();
  if (panel_bytes > cuda.memory().available() / 2) return;  // then group by group, in each call
  device->panels = DeviceBuffer<uint8_t>(cuda, panel_bytes);
  fill_panels(cuda, *device, {0, device->tiles()}, device->panels.data());
}

}  // namespace matinee::similarity
