#pragma once

#include <cstdint>

#include "kernels/similarity/pair_value.cuh"
#include "kernels/similarity/panels.cuh"

namespace matinee::similarity {

inline constexpr int32_t kWarpsPerBlock = 8;

// Where the candidates of rows first_row … first_row + rows - 1 go.
struct SearchTarget {
  int32_t first_row = 0, rows = 0;
  // The `kept` best of each split of the group; places beyond those found are left alone.
  uint64_t* lists = nullptr;  // (splits, rows, kept)
  int32_t kept = 0;           // at most kMostSelected
  // Or, where lists is null, the key of every pair: 0 for no candidate.
  uint64_t* keys = nullptr;  // (rows, key_stride), from the group's first row on
  int64_t key_stride = 0;
};

inline int32_t splits(TileGroup group) {
  return (group.count + kTilesPerSplit - 1) / kTilesPerSplit;
}

// Compares rows with all rows of a group of tiles whose panels are filled. A warp walks the ratings of its row: each
// names a line of a panel, which is read whole, kLaneCells cells a lane, and added to the sums in registers. Read per
// (rating of the row, tile): kTileRows cells (128 B narrow, 256 B wide), coalesced, and the rating once per block; per
// (row, tile): norms and counts as the kind needs; written: the lists. Instructions of a warp per (rating, tile): about
// 12 + kLaneCells × (5 for counts, 7 for products, 12 for moments). A multiprocessor starts 4 a clock, so 128 B take 8
// to 15 clocks, and as long from an H100's memory (12 B a clock and multiprocessor): arithmetic and memory are in
// balance where panels come from memory, arithmetic bounds where they come from the second-level cache.
void search_panels(CudaResources& cuda, const DeviceComparison& comparison, const Measure& measure, TileGroup group,
                   const void* panels, const SearchTarget& target);

// The same, for the two widths of panels.
void search_narrow_panels(CudaResources& cuda, const DeviceComparison& comparison, const Measure& measure,
                          TileGroup group, const void* panels, const SearchTarget& target);
void search_wide_panels(CudaResources& cuda, const DeviceComparison& comparison, const Measure& measure,
                        TileGroup group, const void* panels, const SearchTarget& target);

}  // namespace matinee::similarity
