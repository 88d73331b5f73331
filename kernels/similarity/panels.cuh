#pragma once

#include <cstdint>

#include "kernels/similarity/comparison_cuda.cuh"

namespace matinee::similarity {

// Ratings of a group of tiles, dense: (tiles, columns, kTileRows). A cell is value + kCellOffset<Cell>, and 0 where the
// row has no rating in the column. Level panels have 8-bit cells, or 16-bit ones where levels reach 255; panels of
// residuals have 16-bit cells.
template <typename Cell>
inline constexpr int32_t kCellOffset = sizeof(Cell) == 1 ? 1 : 1 << 15;

// A line (the cells of one column in a tile) is read by a warp, kLaneCells consecutive cells a lane. Those of lane l
// are of rows l, l + 32, l + 64 and l + 96 of the tile, so that what belongs to rows is read in order, too.
inline constexpr int32_t kLaneCells = kTileRows / 32;

// The cells that a lane has of a line, in one word.
template <typename Cell>
struct LineWord;
template <>
struct LineWord<uint8_t> {
  using Type = uint32_t;
};
template <>
struct LineWord<uint16_t> {
  using Type = uint64_t;
};

struct TileGroup {
  int32_t first = 0, count = 0;  // tiles
};

// Writes the panels of a group. Bytes written: tiles × columns × kTileRows cells, each once, in full lines; bytes read:
// the ratings of the group once. About 8 instructions of a warp per rating and 6 per line: bound by the writes.
void fill_panels(CudaResources& cuda, const DeviceComparison& comparison, TileGroup group, void* panels);

}  // namespace matinee::similarity
