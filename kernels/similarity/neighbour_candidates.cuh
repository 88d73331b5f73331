#pragma once

#include <cstdint>

#include "kernels/similarity/pair_value.cuh"
#include "kernels/similarity/panels.cuh"
#include "kernels/similarity/search_panels.cuh"
#include "kernels/support/block_selection.cuh"

namespace matinee::similarity {

static_assert(kLaneCells == kCandidatesPerThread && kWarpsPerBlock * 32 == kSortThreads);

// The key of `other` as a neighbour of `row`, 0 where it is none; `common`: they have columns in common. All lanes of a
// warp call it with consecutive others, so that norms are read in full lines.
template <SumSet kSet, typename Number>
__device__ uint64_t candidate_of(const Measure& measure, const PairSums<Number>& sums, bool common, RowNorm own,
                                 const double* norms, const double* counts, int32_t row, int32_t other, int32_t rows) {
  if (!__any_sync(~0u, common) || other >= rows) return 0;
  const RowNorm its{norms[other], counts[other]};
  return common && other != row ? neighbour_key<kSet>(measure, sums, own, its, other) : 0;
}

// What a warp does with the candidates of one of its tiles; `there`: the warp has one in this round.
__device__ inline void store_or_offer(BlockSelection& selection, const uint64_t (&candidates)[kLaneCells],
                                      const SearchTarget& target, int32_t target_row, int32_t tile, bool there,
                                      int32_t lane, bool last) {
  if (target.lists != nullptr) {
    selection.offer(candidates);
    selection.end_round(target.kept, last);
  } else if (there) {
    uint64_t* keys = target.keys + element(target_row, target.key_stride, int64_t{tile} * kTileRows);
#pragma unroll
    for (int32_t cell = 0; cell < kLaneCells; ++cell) keys[cell * 32 + lane] = candidates[cell];
  }
}

// The block's list, where lists are wanted.
__device__ inline void store_list(const BlockSelection& selection, const SearchTarget& target, int32_t split,
                                  int32_t target_row) {
  if (target.lists == nullptr) return;
  uint64_t* list = target.lists + element(element(split, target.rows, target_row), target.kept, 0);
  for (auto place = static_cast<int32_t>(threadIdx.x); place < selection.size; place += kSortThreads) {
    list[place] = selection.keys[place];
  }
}

}  // namespace matinee::similarity
