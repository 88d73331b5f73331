#include "kernels/similarity/merge_lists.cuh"
#include "kernels/support/block_selection.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::similarity {
namespace {

// A block merges the lists of one row.
__global__ void __launch_bounds__(kSortThreads)
    merge_lists_kernel(uint64_t* __restrict__ lists,  // (list_count, rows, kept)
                       int32_t list_count, int32_t rows, int32_t kept) {
  __shared__ BlockSelection selection;
  const auto row = static_cast<int32_t>(blockIdx.x);
  const int64_t count = int64_t{list_count} * kept;
  selection.clear();
  for (int64_t first = 0; first < count; first += kRoundCandidates) {
    uint64_t candidates[kCandidatesPerThread];
#pragma unroll
    for (int n = 0; n < kCandidatesPerThread; ++n) {
      const int64_t place = first + n * kSortThreads + threadIdx.x;
      candidates[n] = place < count ? lists[element(element(place / kept, rows, row), kept, place % kept)] : 0;
    }
    selection.offer(candidates);
    selection.end_round(kept, first + kRoundCandidates >= count);
  }
  for (auto place = static_cast<int32_t>(threadIdx.x); place < kept; place += kSortThreads) {
    lists[element(row, kept, place)] = place < selection.size ? selection.keys[place] : 0;
  }
}

// A thread per place.
__global__ void unpack_keys_kernel(const uint64_t* __restrict__ keys, int64_t stride, int32_t rows, int32_t kept,
                                   int32_t* __restrict__ indices, float* __restrict__ values,
                                   int32_t* __restrict__ counts) {
  const int64_t thread = grid_thread(blockIdx.x, blockDim.x, threadIdx.x);
  if (thread >= int64_t{rows} * kept) return;
  const int64_t row = thread / kept, place = thread % kept;
  const uint64_t* own = keys + element(row, stride, 0);
  const uint64_t key = own[place];
  indices[thread] = key == 0 ? -1 : key_index(key);
  values[thread] = key == 0 ? 0.0f : key_value(key);
  // Where the keys end, one thread sees it.
  if (key == 0 && place == 0) counts[row] = 0;
  if (key != 0 && (place + 1 == kept || own[place + 1] == 0)) counts[row] = static_cast<int32_t>(place) + 1;
}

}  // namespace

void merge_lists(CudaResources& cuda, uint64_t* lists, int32_t list_count, int32_t rows, int32_t kept) {
  launch(cuda, Kernel("merge_lists_kernel", merge_lists_kernel), {rows, kSortThreads, 0}, lists, list_count, rows,
         kept);
}

void unpack_keys(CudaResources& cuda, const uint64_t* keys, int64_t stride, int32_t rows, int32_t kept,
                 int32_t* indices, float* values, int32_t* counts) {
  launch(cuda, Kernel("unpack_keys_kernel", unpack_keys_kernel), one_thread_each(int64_t{rows} * kept), keys, stride,
         rows, kept, indices, values, counts);
}

}  // namespace matinee::similarity
