#pragma once

#include "kernels/similarity/lane_sums.cuh"
#include "kernels/similarity/neighbour_candidates.cuh"
#include "kernels/similarity/search_panels.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::similarity {

template <typename Cell>
struct SearchOperands {
  using Value = std::conditional_t<sizeof(Cell) == 1, uint8_t, int16_t>;

  const int64_t* row_offsets;    // (rows + 1)
  const int32_t* row_columns;    // (ratings)
  const Value* row_values;       // (ratings)
  const double* column_weights;  // (columns), or null: all weigh 1
  const double* norms;           // (rows)
  const double* counts;          // (rows)
  const Cell* panels;            // (group.count, columns, kTileRows)
  int32_t rows, columns;
};

inline constexpr int32_t kStagedRatings = 256;
inline constexpr int kBlocksPerMultiprocessor = 2;  // at least: leaves 128 registers a thread, so that none is spilled

// Ratings of the block's row, read by all its warps.
struct StagedRow {
  int32_t columns[kStagedRatings];
  int32_t values[kStagedRatings];
  double weights[kStagedRatings];

  template <bool kWeighted, typename Cell>
  __device__ void stage(const SearchOperands<Cell>& operands, int64_t first, int32_t count) {
    const auto n = static_cast<int32_t>(threadIdx.x);
    if (n >= count) return;
    const int32_t column = operands.row_columns[first + n];
    columns[n] = column;
    values[n] = operands.row_values[first + n];
    if constexpr (kWeighted) weights[n] = operands.column_weights[column];
  }
};

// Adds staged ratings to the sums with the rows of one tile.
template <SumSet kSet, typename Cell, typename Number>
__device__ void add_columns(const StagedRow& staged, int32_t count, const Cell* panel, int32_t lane,
                            LaneSums<kSet, Number> (&sums)[kLaneCells]) {
  using Word = typename LineWord<Cell>::Type;
  constexpr int kBits = 8 * sizeof(Cell);
#pragma unroll 4
  for (int32_t n = 0; n < count; ++n) {
    const Word word = reinterpret_cast<const Word*>(panel + element(staged.columns[n], kTileRows, 0))[lane];
    const int32_t x = staged.values[n];
    const double weight = LaneSums<kSet, Number>::kWeighted ? staged.weights[n] : 1.0;
#pragma unroll
    for (int32_t cell = 0; cell < kLaneCells; ++cell) {
      const auto bits = static_cast<int32_t>(static_cast<Cell>(word >> (cell * kBits)));
      sums[cell].add(bits != 0, x, bits - kCellOffset<Cell>, weight);
    }
  }
}

// A block compares one row with the tiles of one split, kWarpsPerBlock tiles a round, a warp each.
template <SumSet kSet, typename Cell, typename Number>
__global__ void __launch_bounds__(kSortThreads, kBlocksPerMultiprocessor)
    search_panels_kernel(SearchOperands<Cell> operands, Measure measure, TileGroup group, SearchTarget target) {
  __shared__ BlockSelection selection;
  __shared__ StagedRow staged;
  const auto lane = static_cast<int32_t>(threadIdx.x % 32), warp = static_cast<int32_t>(threadIdx.x / 32);
  const auto split = static_cast<int32_t>(blockIdx.x / static_cast<uint32_t>(target.rows));
  const auto target_row = static_cast<int32_t>(blockIdx.x % static_cast<uint32_t>(target.rows));
  const int32_t row = target.first_row + target_row;
  const int64_t begin = operands.row_offsets[row], end = operands.row_offsets[row + 1];
  if (begin == end) return;
  selection.clear();
  const RowNorm own{operands.norms[row], operands.counts[row]};
  const int32_t first_tile = split * kTilesPerSplit;
  const int32_t last_tile = min(first_tile + kTilesPerSplit, group.count);
  for (int32_t round_tile = first_tile; round_tile < last_tile; round_tile += kWarpsPerBlock) {
    const int32_t tile = round_tile + warp;
    LaneSums<kSet, Number> sums[kLaneCells];
    for (int64_t first = begin; first < end; first += kStagedRatings) {
      const auto count = static_cast<int32_t>(min(int64_t{kStagedRatings}, end - first));
      if (round_tile == first_tile || end - begin > kStagedRatings) {
        __syncthreads();  // all warps are done with what was staged before
        staged.stage<LaneSums<kSet, Number>::kWeighted>(operands, first, count);
        __syncthreads();
      }
      if (tile < last_tile) {
        const Cell* panel = operands.panels + element(tile, int64_t{operands.columns} * kTileRows, 0);
        add_columns(staged, count, panel, lane, sums);
      }
    }
    uint64_t candidates[kLaneCells] = {};
    if (tile < last_tile) {
#pragma unroll
      for (int32_t cell = 0; cell < kLaneCells; ++cell) {
        candidates[cell] =
            candidate_of<kSet>(measure, sums[cell].sums(), sums[cell].count > 0, own, operands.norms, operands.counts,
                               row, (group.first + tile) * kTileRows + cell * 32 + lane, operands.rows);
      }
    }
    store_or_offer(selection, candidates, target, target_row, tile, tile < last_tile, lane,
                   round_tile + kWarpsPerBlock >= last_tile);
  }
  store_list(selection, target, split, target_row);
}

template <SumSet kSet, typename Cell, typename Number>
void launch_search(CudaResources& cuda, const SearchOperands<Cell>& operands, const Measure& measure, TileGroup group,
                   const SearchTarget& target) {
  launch(cuda, Kernel("search_panels_kernel", search_panels_kernel<kSet, Cell, Number>),
         {int64_t{splits(group)} * target.rows, kSortThreads, 0}, operands, measure, group, target);
}

// Exact: the type of sums without weights.
template <typename Cell, typename Exact>
void search_with(CudaResources& cuda, const SearchOperands<Cell>& operands, const Measure& measure, TileGroup group,
                 const SearchTarget& target) {
  const bool weighted = operands.column_weights != nullptr;
  switch (sums_of(measure.kind, measure.norms)) {
    case SumSet::kCount:
      return weighted ? launch_search<SumSet::kCount, Cell, double>(cuda, operands, measure, group, target)
                      : launch_search<SumSet::kCount, Cell, Exact>(cuda, operands, measure, group, target);
    case SumSet::kProduct:
      return weighted ? launch_search<SumSet::kProduct, Cell, double>(cuda, operands, measure, group, target)
                      : launch_search<SumSet::kProduct, Cell, Exact>(cuda, operands, measure, group, target);
    case SumSet::kMoments:
      return weighted ? launch_search<SumSet::kMoments, Cell, double>(cuda, operands, measure, group, target)
                      : launch_search<SumSet::kMoments, Cell, Exact>(cuda, operands, measure, group, target);
  }
}

template <typename Cell>
SearchOperands<Cell> operands_of(const DeviceComparison& comparison, const void* panels,
                                 const typename SearchOperands<Cell>::Value* values) {
  return {comparison.row_offsets.data(),
          comparison.row_columns.data(),
          values,
          comparison.column_weights.data(),
          comparison.norms.data(),
          comparison.counts.data(),
          static_cast<const Cell*>(panels),
          comparison.rows,
          comparison.columns};
}

}  // namespace matinee::similarity
