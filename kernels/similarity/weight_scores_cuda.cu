#include "kernels/similarity/weight_scores_cuda.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/operand.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::similarity {
namespace {

constexpr int kThreads = 256;

// A thread scores one item for one user, the blocks of a user lie side by side: the items that the user rated one after
// the other, so that each sum grows in their order. Read per (rating, score): 4 bytes of the weights, neighbours
// together.
__global__ void __launch_bounds__(kThreads)
    score_by_weights_kernel(const float* __restrict__ weights,   // (size, size)
                            const int32_t* __restrict__ items,   // (size), of the columns of the weights
                            const int32_t* __restrict__ places,  // (columns), rows of the weights or -1
                            int64_t size, const int64_t* __restrict__ offsets, const int32_t* __restrict__ rated,
                            int32_t rows, const int32_t* __restrict__ users, int64_t blocks_per_user, int64_t columns,
                            float* __restrict__ scores) {  // (users, columns), zero
  const int64_t row = blockIdx.x / blocks_per_user;
  const int64_t n = (blockIdx.x % blocks_per_user) * kThreads + threadIdx.x;
  const int32_t user = users[row];
  if (n >= size || user >= rows) return;
  float sum = 0;
  for (int64_t entry = offsets[user]; entry < offsets[user + 1]; ++entry) {
    const int32_t place = places[rated[entry]];
    if (place >= 0) sum += weights[element(place, size, n)];
  }
  scores[element(row, columns, items[n])] = sum;
}

}  // namespace

void score_by_weights_cuda(Context& context, const ItemWeights& weights, std::span<const int32_t> places,
                           SparseView by_user, std::span<const int32_t> users, const DeviceMatrix& scores) {
  CudaResources& cuda = context.cuda();
  const auto size = static_cast<int64_t>(weights.items.size());
  const int64_t count = scores.rows() * scores.columns();
  if (count == 0) return;
  check_cuda(cudaMemsetAsync(scores.data(), 0, static_cast<std::size_t>(count) * sizeof(float), cuda.stream()),
             "cudaMemsetAsync");
  if (size == 0) return;
  const Operand<float> weights_there(cuda, weights.weights.data, size * size);
  const Operand<int32_t> items_there(cuda, weights.items.data(), size);
  const Operand<int64_t> offsets(cuda, by_user.offsets, by_user.rows + int64_t{by_user.rows > 0});
  const Operand<int32_t> rated(cuda, by_user.indices, by_user.size());
  const auto places_there = uploaded(cuda, places), users_there = uploaded(cuda, users);
  const int64_t blocks_per_user = pieces(size, kThreads);
  launch(cuda, Kernel("score_by_weights_kernel", score_by_weights_kernel),
         {scores.rows() * blocks_per_user, kThreads, 0}, weights_there.data(), items_there.data(), places_there.data(),
         size, offsets.data(), rated.data(), by_user.rows, users_there.data(), blocks_per_user, scores.columns(),
         scores.data());
}

void score_by_weights_cuda(Context& context, const ItemWeights& weights, std::span<const int32_t> places,
                           SparseView by_user, std::span<const int32_t> users, MatrixView<float> scores) {
  const DeviceMatrix there(context, scores.rows, scores.columns);
  score_by_weights_cuda(context, weights, places, by_user, users, there);
  there.copy_to(context, scores);
}

}  // namespace matinee::similarity
