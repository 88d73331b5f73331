#include "kernels/neural_cf/draw_negative.h"
#include "kernels/neural_cf/example_sampler_cuda.h"
#include "kernels/neural_cf/positives.h"
#include "kernels/neural_cf/random_order.h"
#include "kernels/support/launch.cuh"
#include "kernels/support/transfer.cuh"

namespace matinee::neural_cf {
namespace {

constexpr int kThreads = 256, kWords = 4;

// What users have rated, and the positives among it.
struct DeviceRatings {
  const int64_t* offsets;  // (users + 1)
  const int32_t* indices;  // (ratings)
  const int32_t* users;    // (positives)
  const int32_t* items;    // (positives)
  int32_t columns;
};

// A thread per Philox block: up to kWords negatives, each a search among its user's ratings: bound by their latency.
__global__ void __launch_bounds__(kThreads)
    draw_negatives_kernel(Philox draws, DeviceRatings ratings, int64_t per_positive, int64_t count,
                          int32_t* __restrict__ negatives) {  // (count)
  const int64_t number = grid_thread(blockIdx.x, kThreads, threadIdx.x), first = number * kWords;
  if (first >= count) return;
  const Philox::Block block = draws.block(static_cast<uint64_t>(number));
#pragma unroll
  for (int word = 0; word < kWords; ++word) {
    const int64_t n = first + word;
    if (n >= count) return;
    const int32_t user = ratings.users[n / per_positive];
    const int64_t begin = ratings.offsets[user];
    negatives[n] =
        draw_negative(block[word], ratings.indices + begin, ratings.offsets[user + 1] - begin, ratings.columns);
  }
}

// A thread per example: 8 bytes read at random, 12 written.
__global__ void __launch_bounds__(kThreads)
    batch_kernel(RandomOrder order, DeviceRatings ratings, const int32_t* __restrict__ negatives, int64_t per_positive,
                 int64_t first, int64_t count, int32_t* __restrict__ users, int32_t* __restrict__ items,
                 float* __restrict__ labels) {
  const int64_t n = grid_thread(blockIdx.x, kThreads, threadIdx.x);
  if (n >= count) return;
  const int64_t example = order[first + n];
  const int64_t positive = example / (1 + per_positive), place = example % (1 + per_positive);
  users[n] = ratings.users[positive];
  items[n] = place == 0 ? ratings.items[positive] : negatives[positive * per_positive + place - 1];
  labels[n] = place == 0 ? 1.0f : 0.0f;
}

class CudaSampler : public ExampleSampler {
 public:
  // The latter: where negatives are not drawn from.
  CudaSampler(CudaResources& cuda, SparseView by_user, const SamplerOptions& options, SparseView rated)
      : CudaSampler(cuda, rated, options, Positives(by_user, rated)) {}

  int64_t examples() const override { return users_.size() * (1 + options_.negatives); }

  void draw(Context& context, int64_t epoch) override {
    order_ = RandomOrder(examples(), options_.seed, static_cast<uint64_t>(epoch));
    const Philox draws(options_.seed, stream_id(RandomStream::kNegatives, static_cast<uint64_t>(epoch)));
    launch(context.cuda(), Kernel("draw_negatives_kernel", draw_negatives_kernel),
           one_thread_each(pieces(negatives_.size(), kWords), kThreads), draws, ratings(), options_.negatives,
           negatives_.size(), negatives_.data());
  }

  ExamplesView batch(Context& context, int64_t first, int64_t count) override {
    launch(context.cuda(), Kernel("batch_kernel", batch_kernel), one_thread_each(count, kThreads), order_, ratings(),
           negatives_.data(), options_.negatives, first, count, batch_users_.data(), batch_items_.data(),
           batch_labels_.data());
    return {count, batch_users_.data(), batch_items_.data(), batch_labels_.data()};
  }

 private:
  CudaSampler(CudaResources& cuda, SparseView rated, const SamplerOptions& options, const Positives& positives)
      : options_(options),
        columns_(rated.columns),
        order_(positives.count() * (1 + options.negatives), options.seed, 0),
        offsets_(uploaded(cuda, rated.offsets, rated.rows == 0 ? 0 : int64_t{rated.rows} + 1)),
        indices_(uploaded(cuda, rated.indices, rated.size())),
        users_(uploaded<int32_t>(cuda, positives.users)),
        items_(uploaded<int32_t>(cuda, positives.items)),
        negatives_(cuda, positives.count() * options.negatives),
        batch_users_(cuda, options.most_examples),
        batch_items_(cuda, options.most_examples),
        batch_labels_(cuda, options.most_examples) {}

  DeviceRatings ratings() const { return {offsets_.data(), indices_.data(), users_.data(), items_.data(), columns_}; }

  const SamplerOptions options_;
  const int32_t columns_;
  RandomOrder order_;
  DeviceBuffer<int64_t> offsets_;
  DeviceBuffer<int32_t> indices_, users_, items_, negatives_;
  DeviceBuffer<int32_t> batch_users_, batch_items_;
  DeviceBuffer<float> batch_labels_;
};

}  // namespace

std::unique_ptr<ExampleSampler> make_sampler_cuda(Context& context, SparseView by_user, const SamplerOptions& options) {
  const SparseView rated = options.rated.rows > 0 ? options.rated : by_user;
  return std::make_unique<CudaSampler>(context.cuda(), by_user, options, rated);
}

}  // namespace matinee::neural_cf
