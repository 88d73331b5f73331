#include <vector>

#include "kernels/factorization/score_items_cuda.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/operand.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::factorization {
namespace {

constexpr int kThreads = 256;
constexpr int kLanes = kThreads / kPanel;  // threads that share a panel, each with users of its own
constexpr int kUsersPerThread = 4;
constexpr int kUsers = kLanes * kUsersPerThread;  // of a block

struct Biases {
  const float* users;  // (users of the batch)
  const float* items;  // (items)
  float mean;
};

// A block scores kUsers users for the items of one panel. A thread has one item and kUsersPerThread users, so that a
// factor of the item, read in full lines, serves them all; each sum grows in rising order of k. 2 flops per (user,
// item, factor); read per factor and block: kPanel + kUsers floats, the latter one address a half warp: bound by the
// first level of cache.
__global__ void __launch_bounds__(kThreads)
    score_items_kernel(const float* __restrict__ user_factors,  // (users, factors)
                       const float* __restrict__ panels,        // (panels, factors, kPanel)
                       Biases biases, int64_t users, int64_t items, int64_t factors, int64_t panel_count,
                       float* __restrict__ scores) {  // (users, items)
  const int64_t panel = blockIdx.x % panel_count, user_block = blockIdx.x / panel_count;
  const int64_t item = panel * kPanel + threadIdx.x % kPanel;
  const int64_t first_user = user_block * kUsers + threadIdx.x / kPanel;
  const float* item_factors = panels + element(panel, factors * kPanel, threadIdx.x % kPanel);
  const float* own[kUsersPerThread];
  float sums[kUsersPerThread] = {};
#pragma unroll
  for (int n = 0; n < kUsersPerThread; ++n) {
    own[n] = user_factors + element(min(first_user + n * kLanes, users - 1), factors, 0);
  }
  for (int64_t k = 0; k < factors; ++k) {
    const float q = item_factors[k * kPanel];
#pragma unroll
    for (int n = 0; n < kUsersPerThread; ++n) sums[n] += own[n][k] * q;
  }
  if (item >= items) return;
#pragma unroll
  for (int n = 0; n < kUsersPerThread; ++n) {
    const int64_t user = first_user + n * kLanes;
    if (user >= users) continue;
    scores[element(user, items, item)] = ((biases.mean + biases.users[user]) + biases.items[item]) + sums[n];
  }
}

// What a batch of users needs of the model, their rows one after the other.
struct Batch {
  std::vector<float> factors;  // (users, factors)
  std::vector<float> biases;   // (users)

  Batch(const ScoringModel& model, std::span<const int32_t> users) {
    const int64_t width = model.user_factors.columns;
    factors.reserve(users.size() * static_cast<std::size_t>(width));
    for (const int32_t user : users) {
      const float* row = model.user_factors.row(user);
      factors.insert(factors.end(), row, row + width);
      biases.push_back(model.user_biases[user]);
    }
  }
};

}  // namespace

void score_items_cuda(Context& context, const ScoringModel& model, std::span<const int32_t> users,
                      const DeviceMatrix& scores) {
  if (users.empty() || model.items == 0) return;
  CudaResources& cuda = context.cuda();
  const Batch batch(model, users);
  const int64_t factors = model.user_factors.columns, panels = pieces(model.items, kPanel);
  const auto user_factors = uploaded<float>(cuda, batch.factors), user_biases = uploaded<float>(cuda, batch.biases);
  const Operand<float> item_panels(cuda, model.item_panels, panel_elements(model.items, factors));
  const Operand<float> item_biases(cuda, model.item_biases, model.items);
  launch(cuda, Kernel("score_items_kernel", score_items_kernel), {panels * pieces(scores.rows(), kUsers), kThreads, 0},
         user_factors.data(), item_panels.data(), Biases{user_biases.data(), item_biases.data(), model.mean},
         scores.rows(), scores.columns(), factors, panels, scores.data());
}

void score_items_cuda(Context& context, const ScoringModel& model, std::span<const int32_t> users,
                      MatrixView<float> scores) {
  const DeviceMatrix there(context, scores.rows, scores.columns);
  score_items_cuda(context, model, users, there);
  there.copy_to(context, scores);
}

}  // namespace matinee::factorization
