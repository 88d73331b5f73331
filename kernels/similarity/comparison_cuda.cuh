#pragma once

#include <cstdint>

#include "kernels/similarity/gram_recipe.h"
#include "kernels/similarity/search_way.h"
#include "kernels/similarity/top_neighbours.h"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/grid.h"

namespace matinee::similarity {

// What the search on CUDA keeps on the device between calls.
struct DeviceComparison {
  bool narrow = true;  // fits_narrow()
  int32_t rows = 0, columns = 0;
  DeviceBuffer<int64_t> row_offsets, column_offsets;  // (rows + 1), (columns + 1)
  DeviceBuffer<int32_t> row_columns, column_rows;     // (ratings), rising within a row, a column
  DeviceBuffer<uint8_t> row_levels, column_levels;    // (ratings), narrow
  DeviceBuffer<int16_t> row_values, column_values;    // (ratings), wide: levels or residuals
  DeviceBuffer<double> norms, counts;                 // (rows)
  DeviceBuffer<double> column_weights;                // (columns), iuf; else empty

  SearchWay way = SearchWay::kPanels;
  DeviceBuffer<uint8_t> panels;  // of all tiles, where they fit; else empty
  GramRecipe recipe;
  DeviceBuffer<int8_t> matrices;  // by products: of the recipe

  int32_t tiles() const { return (rows + kTileRows - 1) / kTileRows; }
  int64_t padded_columns() const { return rounded_up(columns, 128); }
  int64_t tile_bytes() const { return int64_t{columns} * kTileRows * (narrow ? 1 : 2); }
};

}  // namespace matinee::similarity
