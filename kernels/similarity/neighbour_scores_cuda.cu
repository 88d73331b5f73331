#include "kernels/similarity/neighbour_scores_cuda.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/operand.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::similarity {
namespace {

constexpr int kScoreThreads = 256;
constexpr int kPredictThreads = 128;

// Lists of neighbours on the device.
struct DeviceLists {
  DeviceLists(CudaResources& cuda, const NeighbourLists& lists)
      : rows(lists.rows),
        offsets(cuda, lists.offsets, lists.rows + int64_t{1}),
        indices(cuda, lists.indices, lists.offsets[lists.rows]),
        weights(cuda, lists.weights, lists.offsets[lists.rows]) {}

  NeighbourLists view() const { return {rows, offsets.data(), indices.data(), weights.data()}; }

  int32_t rows;
  Operand<int64_t> offsets;
  Operand<int32_t> indices;
  Operand<float> weights;
};

struct DeviceRatings {
  DeviceRatings(CudaResources& cuda, SparseView ratings)
      : rows(ratings.rows),
        columns(ratings.columns),
        offsets(cuda, ratings.offsets, ratings.rows + int64_t{ratings.rows > 0}),
        indices(cuda, ratings.indices, ratings.size()),
        levels(cuda, ratings.levels, ratings.size()) {}

  SparseView view() const { return {rows, columns, offsets.data(), indices.data(), levels.data()}; }

  int32_t rows, columns;
  Operand<int64_t> offsets;
  Operand<int32_t> indices;
  Operand<uint8_t> levels;
};

// A block scores one user: the items that the user rated one after the other, so that each sum grows in their order;
// the items that each influences in parallel. Read per (rating, list entry): 8 bytes, and a score read and written (in
// the second-level cache): bound by latency and that cache.
__global__ void __launch_bounds__(kScoreThreads)
    score_by_items_kernel(NeighbourLists influenced, SparseView by_user, const float* __restrict__ values,
                          const int32_t* __restrict__ users, int64_t columns,
                          float* scores) {  // (users, columns), zero
  const int32_t user = users[blockIdx.x];
  if (user >= by_user.rows) return;
  float* own = scores + element(blockIdx.x, columns, 0);
  for (int64_t entry = by_user.offsets[user]; entry < by_user.offsets[user + 1]; ++entry) {
    const int32_t item = by_user.indices[entry];
    if (item >= influenced.rows) break;  // indices rise
    const float value = values[by_user.levels[entry]];
    const int64_t end = influenced.offsets[item + 1];
    for (int64_t n = influenced.offsets[item] + threadIdx.x; n < end; n += kScoreThreads) {
      own[influenced.indices[n]] += influenced.weights[n] * value;
    }
    __syncthreads();  // the next item adds to the same scores
  }
}

// A block scores one user: neighbours one after the other, what each rated in parallel.
__global__ void __launch_bounds__(kScoreThreads)
    score_by_users_kernel(NeighbourLists neighbours, SparseView by_user, const float* __restrict__ values,
                          const int32_t* __restrict__ users, int64_t columns,
                          float* scores) {  // (users, columns), zero
  const int32_t user = users[blockIdx.x];
  if (user >= neighbours.rows) return;
  float* own = scores + element(blockIdx.x, columns, 0);
  for (int64_t n = neighbours.offsets[user]; n < neighbours.offsets[user + 1]; ++n) {
    const int32_t neighbour = neighbours.indices[n];
    if (neighbour >= by_user.rows) continue;
    const float weight = neighbours.weights[n];
    const int64_t end = by_user.offsets[neighbour + 1];
    for (int64_t entry = by_user.offsets[neighbour] + threadIdx.x; entry < end; entry += kScoreThreads) {
      own[by_user.indices[entry]] += weight * values[by_user.levels[entry]];
    }
    __syncthreads();
  }
}

// The level of (row, column), or -1.
__device__ int level_of(const SparseView& ratings, int32_t row, int32_t column) {
  if (row >= ratings.rows) return -1;
  int64_t begin = ratings.offsets[row];
  const int64_t row_end = ratings.offsets[row + 1];
  for (int64_t end = row_end; begin < end;) {
    const int64_t middle = begin + (end - begin) / 2;
    if (ratings.indices[middle] < column) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin < row_end && ratings.indices[begin] == column ? ratings.levels[begin] : -1;
}

// A thread predicts one rating, neighbours in list order: rows of the lists are items, or users.
template <bool kByItems>
__global__ void __launch_bounds__(kPredictThreads, 4)
    predict_kernel(NeighbourLists neighbours, SparseView by_user, double step, const float* __restrict__ means,
                   float mean_of_all, const int32_t* __restrict__ users, const int32_t* __restrict__ items,
                   int64_t count, float* __restrict__ predicted) {
  const int64_t n = grid_thread(blockIdx.x, blockDim.x, threadIdx.x);
  if (n >= count) return;
  const int32_t user = users[n], item = items[n];
  const int32_t row = kByItems ? item : user;
  if (row >= neighbours.rows) {
    predicted[n] = mean_of_all;
    return;
  }
  double above = 0, weights = 0;
  for (int64_t entry = neighbours.offsets[row]; entry < neighbours.offsets[row + 1]; ++entry) {
    const int32_t neighbour = neighbours.indices[entry];
    const int level = kByItems ? level_of(by_user, user, neighbour) : level_of(by_user, neighbour, item);
    if (level < 0) continue;
    const auto weight = static_cast<double>(neighbours.weights[entry]);
    above += weight * (level * step - static_cast<double>(means[neighbour]));
    weights += fabs(weight);
  }
  const float mean = means[row];
  predicted[n] = weights > 0 ? static_cast<float>(mean + above / weights) : mean;
}

void score(CudaResources& cuda,
           const Kernel<NeighbourLists, SparseView, const float*, const int32_t*, int64_t, float*>& kernel,
           const NeighbourLists& lists, SparseView by_user, const LevelValues& values, std::span<const int32_t> users,
           const DeviceMatrix& scores) {
  const DeviceLists lists_there(cuda, lists);
  const DeviceRatings ratings_there(cuda, by_user);
  const auto values_there = uploaded<float>(cuda, values);
  const auto users_there = uploaded(cuda, users);
  const int64_t size = scores.rows() * scores.columns();
  if (size == 0) return;
  check_cuda(cudaMemsetAsync(scores.data(), 0, static_cast<std::size_t>(size) * sizeof(float), cuda.stream()),
             "cudaMemsetAsync");
  launch(cuda, kernel, {scores.rows(), kScoreThreads, 0}, lists_there.view(), ratings_there.view(), values_there.data(),
         users_there.data(), scores.columns(), scores.data());
}

template <bool kByItems>
void predict(CudaResources& cuda, const NeighbourLists& lists, SparseView by_user, double step,
             const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
             std::span<float> predicted) {
  const DeviceLists lists_there(cuda, lists);
  const DeviceRatings ratings_there(cuda, by_user);
  const auto means_there = uploaded(cuda, means.rows);
  const auto users_there = uploaded(cuda, users), items_there = uploaded(cuda, items);
  const auto count = static_cast<int64_t>(predicted.size());
  DeviceBuffer<float> predicted_there(cuda, count);
  launch(cuda, Kernel("predict_kernel", predict_kernel<kByItems>), one_thread_each(count, kPredictThreads),
         lists_there.view(), ratings_there.view(), step, means_there.data(), means.all, users_there.data(),
         items_there.data(), count, predicted_there.data());
  download(cuda, predicted, predicted_there);
}

}  // namespace

void score_by_items_cuda(Context& context, const NeighbourLists& influenced, SparseView by_user,
                         const LevelValues& values, std::span<const int32_t> users, const DeviceMatrix& scores) {
  score(context.cuda(), Kernel("score_by_items_kernel", score_by_items_kernel), influenced, by_user, values, users,
        scores);
}

void score_by_users_cuda(Context& context, const NeighbourLists& neighbours, SparseView by_user,
                         const LevelValues& values, std::span<const int32_t> users, const DeviceMatrix& scores) {
  score(context.cuda(), Kernel("score_by_users_kernel", score_by_users_kernel), neighbours, by_user, values, users,
        scores);
}

void score_by_items_cuda(Context& context, const NeighbourLists& influenced, SparseView by_user,
                         const LevelValues& values, std::span<const int32_t> users, MatrixView<float> scores) {
  const DeviceMatrix there(context, scores.rows, scores.columns);
  score_by_items_cuda(context, influenced, by_user, values, users, there);
  there.copy_to(context, scores);
}

void score_by_users_cuda(Context& context, const NeighbourLists& neighbours, SparseView by_user,
                         const LevelValues& values, std::span<const int32_t> users, MatrixView<float> scores) {
  const DeviceMatrix there(context, scores.rows, scores.columns);
  score_by_users_cuda(context, neighbours, by_user, values, users, there);
  there.copy_to(context, scores);
}

void predict_by_items_cuda(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                           const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                           std::span<float> predicted) {
  predict<true>(context.cuda(), neighbours, by_user, step, means, users, items, predicted);
}

void predict_by_users_cuda(Context& context, const NeighbourLists& neighbours, SparseView by_user, double step,
                           const RatingMeans& means, std::span<const int32_t> users, std::span<const int32_t> items,
                           std::span<float> predicted) {
  predict<false>(context.cuda(), neighbours, by_user, step, means, users, items, predicted);
}

}  // namespace matinee::similarity
