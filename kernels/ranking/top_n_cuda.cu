#include <algorithm>
#include <limits>
#include <vector>

#include "kernels/ranking/top_n_cuda.h"
#include "kernels/support/block_selection.cuh"
#include "kernels/support/error.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/sort_rows.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::ranking {
namespace {

constexpr int kMarkThreads = 128;
constexpr unsigned long long kNoNan = ~0ull;

// What a user has seen, a bit an item: (rows, words of 32 items).
__host__ __device__ int64_t mask_words(int64_t items) {
  return pieces(items, 32);
}

// A block marks what the user of one row has seen.
__global__ void __launch_bounds__(kMarkThreads)
    mark_seen_kernel(const int64_t* __restrict__ offsets, const int32_t* __restrict__ items, int64_t words,
                     uint32_t* __restrict__ seen) {  // (rows, words), zero
  const int64_t end = offsets[blockIdx.x + 1];
  for (int64_t n = offsets[blockIdx.x] + threadIdx.x; n < end; n += kMarkThreads) {
    atomicOr(seen + element(blockIdx.x, words, items[n] / 32), 1u << (items[n] % 32));
  }
}

// The key of an item that may be listed, else 0. -0 ties with +0, as numbers do.
__device__ uint64_t listed_key(const float* scores, const uint32_t* seen, int64_t items, int64_t item, int64_t row,
                               unsigned long long* first_nan) {
  if (item >= items || (seen[item / 32] >> (item % 32) & 1) != 0) return 0;
  const float score = scores[item];
  if (isnan(score)) {
    atomicMin(first_nan, static_cast<unsigned long long>(row * items + item));
    return 0;
  }
  return candidate_key(static_cast<int32_t>(item), score == 0 ? 0.0f : score);
}

// A block ranks one row. Reads 4 bytes per item and a bit of the mask, coalesced; about 10 instructions of a warp per
// 32 items: bound by memory. Items that pass the bound are sorted in shared memory (block_selection.cuh).
__global__ void __launch_bounds__(kSortThreads) top_n_kernel(const float* __restrict__ scores,   // (rows, items)
                                                             const uint32_t* __restrict__ seen,  // (rows, words)
                                                             int64_t items, int32_t length,
                                                             uint64_t* __restrict__ best,  // (rows, length)
                                                             unsigned long long* first_nan) {
  __shared__ BlockSelection selection;
  const float* own = scores + element(blockIdx.x, items, 0);
  const uint32_t* own_seen = seen + element(blockIdx.x, mask_words(items), 0);
  selection.clear();
  for (int64_t first = 0; first < items; first += kRoundCandidates) {
    uint64_t candidates[kCandidatesPerThread];
#pragma unroll
    for (int n = 0; n < kCandidatesPerThread; ++n) {
      candidates[n] = listed_key(own, own_seen, items, first + n * kSortThreads + threadIdx.x, blockIdx.x, first_nan);
    }
    selection.offer(candidates);
    selection.end_round(length, first + kRoundCandidates >= items);
  }
  for (auto place = static_cast<int32_t>(threadIdx.x); place < length; place += kSortThreads) {
    best[element(blockIdx.x, length, place)] = place < selection.size ? selection.keys[place] : 0;
  }
}

// A thread per item: the keys of a row, for lists that are too long for a block.
__global__ void keys_kernel(const float* __restrict__ scores, const uint32_t* __restrict__ seen, int64_t rows,
                            int64_t items, uint64_t* __restrict__ keys,  // (rows, items)
                            unsigned long long* first_nan) {
  const int64_t thread = grid_thread(blockIdx.x, blockDim.x, threadIdx.x);
  if (thread >= rows * items) return;
  const int64_t row = thread / items;
  keys[thread] = listed_key(scores + element(row, items, 0), seen + element(row, mask_words(items), 0), items,
                            thread % items, row, first_nan);
}

// A thread per place: which item, and its score as it was.
__global__ void list_items_kernel(const uint64_t* __restrict__ keys, int64_t stride, const float* __restrict__ scores,
                                  int64_t items, int64_t rows, int32_t length,
                                  RankedItem* __restrict__ best) {  // (rows, length)
  const int64_t thread = grid_thread(blockIdx.x, blockDim.x, threadIdx.x);
  if (thread >= rows * length) return;
  const int64_t row = thread / length;
  const uint64_t key = keys[element(row, stride, thread % length)];
  RankedItem ranked;
  if (key != 0) ranked.item = key_index(key);
  if (key != 0) ranked.score = scores[element(row, items, ranked.item)];
  best[thread] = ranked;
}

class Ranking {
 public:
  Ranking(CudaResources& cuda, const float* scores, int64_t rows, int64_t items, int32_t length)
      : cuda_(cuda), scores_(scores), rows_(rows), items_(items), length_(length) {}

  // best: (rows, length), without gaps.
  void run(const SparseView& seen, std::span<const int32_t> users, std::span<RankedItem> best) {
    mark(seen, users);
    first_nan_ = uploaded<unsigned long long>(cuda_, std::span(&kNoNan, 1));
    DeviceBuffer<RankedItem> best_there(cuda_, rows_ * length_);
    if (length_ <= kMostSelected) {
      DeviceBuffer<uint64_t> keys(cuda_, rows_ * length_);
      launch(cuda_, Kernel("top_n_kernel", top_n_kernel), {rows_, kSortThreads, 0}, scores_, seen_.data(), items_,
             length_, keys.data(), first_nan_.data());
      list(keys.data(), length_, best_there);
    } else {
      DeviceBuffer<uint64_t> keys(cuda_, rows_ * items_), sorted(cuda_, rows_ * items_);
      launch(cuda_, Kernel("keys_kernel", keys_kernel), one_thread_each(rows_ * items_), scores_, seen_.data(), rows_,
             items_, keys.data(), first_nan_.data());
      sort_rows(cuda_, keys.data(), sorted.data(), static_cast<int32_t>(rows_), items_);
      list(sorted.data(), items_, best_there);
    }
    download(cuda_, best, best_there);
    refuse_nan(users);
  }

 private:
  void mark(const SparseView& seen, std::span<const int32_t> users) {
    std::vector<int64_t> offsets = {0};
    std::vector<int32_t> items;
    for (const int32_t user : users) {
      const auto row = seen.row_indices(user);
      items.insert(items.end(), row.begin(), row.end());
      offsets.push_back(static_cast<int64_t>(items.size()));
    }
    const auto offsets_there = uploaded<int64_t>(cuda_, offsets);
    const auto items_there = uploaded<int32_t>(cuda_, items);
    seen_ = DeviceBuffer<uint32_t>(cuda_, rows_ * mask_words(items_));
    seen_.clear();
    launch(cuda_, Kernel("mark_seen_kernel", mark_seen_kernel), {rows_, kMarkThreads, 0}, offsets_there.data(),
           items_there.data(), mask_words(items_), seen_.data());
  }

  void list(const uint64_t* keys, int64_t stride, DeviceBuffer<RankedItem>& best) {
    launch(cuda_, Kernel("list_items_kernel", list_items_kernel), one_thread_each(rows_ * length_), keys, stride,
           scores_, items_, rows_, length_, best.data());
  }

  void refuse_nan(std::span<const int32_t> users) {
    unsigned long long first = 0;
    download(cuda_, std::span(&first, 1), first_nan_);
    if (first == kNoNan) return;
    const auto place = static_cast<int64_t>(first);
    fail(ErrorKind::kDiverged, "the score of user " + std::to_string(users[static_cast<std::size_t>(place / items_)]) +
                                   " for item " + std::to_string(place % items_) +
                                   " is not a number: the model diverged; train it with a smaller learning rate");
  }

  CudaResources& cuda_;
  const float* scores_;
  int64_t rows_, items_;
  int32_t length_;
  DeviceBuffer<uint32_t> seen_;
  DeviceBuffer<unsigned long long> first_nan_;
};

}  // namespace

void top_n_cuda(Context& context, const DeviceMatrix& scores, const SparseView& seen, std::span<const int32_t> users,
                MatrixView<RankedItem> best) {
  const int64_t length = std::min(best.columns, scores.columns());
  std::vector<RankedItem> listed(static_cast<std::size_t>(scores.rows() * length));
  if (!listed.empty()) {
    Ranking(context.cuda(), scores.data(), scores.rows(), scores.columns(), static_cast<int32_t>(length))
        .run(seen, users, listed);
  }
  for (int64_t row = 0; row < best.rows; ++row) {
    std::copy_n(listed.data() + row * length, length, best.row(row));
    std::fill_n(best.row(row) + length, best.columns - length, RankedItem{});
  }
}

void top_n_cuda(Context& context, MatrixView<const float> scores, const SparseView& seen,
                std::span<const int32_t> users, MatrixView<RankedItem> best) {
  const DeviceMatrix there(context, scores.rows, scores.columns);
  for (int64_t row = 0; row < scores.rows; ++row) {
    upload_bytes(context.cuda(), there.data() + row * scores.columns, scores.row(row),
                 scores.columns * static_cast<int64_t>(sizeof(float)));
  }
  top_n_cuda(context, there, seen, users, best);
}

}  // namespace matinee::ranking
