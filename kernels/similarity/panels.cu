#include "kernels/similarity/panels.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::similarity {
namespace {

constexpr int kThreads = 256;
constexpr int32_t kTilesPerWarp = 32;

// The first entry of begin .. end-1 whose row is not below `row`.
__device__ int64_t first_entry(const int32_t* rows, int64_t begin, int64_t end, int32_t row) {
  while (begin < end) {
    const int64_t middle = begin + (end - begin) / 2;
    if (rows[middle] < row) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin;
}

// A warp writes the lines of one column in up to kTilesPerWarp tiles: entries are loaded 32 at a time, each goes by
// shuffle to the lane that holds its cell.
template <typename Cell, typename Value>
__global__ void __launch_bounds__(kThreads)
    fill_panels_kernel(const int64_t* __restrict__ offsets,  // (columns + 1)
                       const int32_t* __restrict__ rows,     // (ratings)
                       const Value* __restrict__ values,     // (ratings)
                       int32_t columns, TileGroup group,
                       Cell* __restrict__ panels) {  // (group.count, columns, kTileRows)
  using Word = typename LineWord<Cell>::Type;
  const int lane = static_cast<int>(threadIdx.x % 32);
  const int64_t warp = grid_thread(blockIdx.x, blockDim.x, threadIdx.x) / 32;
  const auto column = static_cast<int32_t>(warp % columns);
  const auto first_tile = static_cast<int32_t>(warp / columns * kTilesPerWarp);
  if (first_tile >= group.count) return;
  const int32_t last_tile = min(first_tile + kTilesPerWarp, group.count);
  int32_t tile_begin = (group.first + first_tile) * kTileRows;
  const int64_t end = offsets[column + 1];
  int64_t loaded = first_entry(rows, offsets[column], end, tile_begin);  // the next entry to load
  int32_t row = INT32_MAX, value = 0;                                    // of the lane's entry among the 32 at hand
  int at_hand = 32;                                                      // which of them is next
  for (int32_t tile = first_tile; tile < last_tile; ++tile, tile_begin += kTileRows) {
    Word word = 0;
    for (;;) {
      if (at_hand == 32) {
        const bool there = loaded + lane < end;
        row = there ? rows[loaded + lane] : INT32_MAX;
        value = there ? static_cast<int32_t>(values[loaded + lane]) + kCellOffset<Cell> : 0;
        loaded += 32;
        at_hand = 0;
      }
      const int32_t in_tile = __shfl_sync(~0u, row, at_hand) - tile_begin;
      if (in_tile >= kTileRows) break;
      const auto cell = static_cast<Word>(static_cast<uint32_t>(__shfl_sync(~0u, value, at_hand)));
      if (in_tile % 32 == lane) word |= cell << (in_tile / 32 * static_cast<int>(8 * sizeof(Cell)));
      ++at_hand;
    }
    reinterpret_cast<Word*>(panels + element(element(tile, columns, column), kTileRows, 0))[lane] = word;
  }
}

template <typename Cell, typename Value>
void fill(CudaResources& cuda, const DeviceComparison& comparison, TileGroup group, const Value* values, void* panels) {
  const int64_t warps = pieces(group.count, kTilesPerWarp) * comparison.columns;
  launch(cuda, Kernel("fill_panels_kernel", fill_panels_kernel<Cell, Value>), one_thread_each(warps * 32, kThreads),
         comparison.column_offsets.data(), comparison.column_rows.data(), values, comparison.columns, group,
         static_cast<Cell*>(panels));
}

}  // namespace

void fill_panels(CudaResources& cuda, const DeviceComparison& comparison, TileGroup group, void* panels) {
  if (comparison.narrow) {
    fill<uint8_t>(cuda, comparison, group, comparison.column_levels.data(), panels);
  } else {
    fill<uint16_t>(cuda, comparison, group, comparison.column_values.data(), panels);
  }
}

}  // namespace matinee::similarity
