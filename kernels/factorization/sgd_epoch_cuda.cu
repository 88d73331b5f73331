#include "kernels/factorization/sgd_epoch_cuda.h"
#include "kernels/factorization/step_tiles.cuh"
#include "kernels/support/launch.cuh"

namespace matinee::factorization {
namespace {

struct Descent {
  DeviceRows users, items;
  float mean;
  Objective objective;
  float learning_rate;
};

// The step on a rating, from the product of its rows: changes the tails, returns what to do to the factors. Adds e².
__device__ FactorStep descend(const Descent& descent, float value, float product, float2& p, float2& q,
                              double& squares) {
  const Objective& objective = descent.objective;
  const float error = rating_error(objective.link, value, ((descent.mean + p.x) + q.x) + product);
  const float gradient = rating_gradient(objective.link, value, error);
  const RatingStep step = rating_step(objective, descent.learning_rate, p.y, q.y);
  if (objective.biases) {
    update_bias(p.x, gradient, step.learning_rate, step.user_bias_penalty);
    update_bias(q.x, gradient, step.learning_rate, step.item_bias_penalty);
  }
  squares += static_cast<double>(error) * static_cast<double>(error);
  return {gradient, step};
}

__device__ void apply(const FactorStep& step, float4& p, float4& q) {
  step.apply(p.x, q.x);
  step.apply(p.y, q.y);
  step.apply(p.z, q.z);
  step.apply(p.w, q.w);
}

// A team works through a tile of the step, its ratings strictly one after the other; rows in registers, those of the
// next rating loaded while this one's are changed, unless they are the same (of the longest rows the item's alone: more
// do not fit). Per rating: 12 bytes and both rows read and written, 4 × (factors + 8) × 4 bytes, of which 4 × factors
// + 6 floats are needed; 8 flops per factor: bound by memory, or with few tiles by its latency.
template <int kChunks>
__global__ void __launch_bounds__(kStepThreads)
    sgd_step_kernel(Descent descent, Tiles tiles, double* __restrict__ tile_squares) {
  constexpr bool kBothAhead = kChunks <= 4;
  const TeamTile tile(tiles, tile_squares);
  const int64_t longest = longest_of_warp(tile.ratings.count);
  const bool biases = descent.objective.biases;
  double squares = 0;
  Rating now = tile.ratings[0], next = tile.ratings[1];
  MemberRow<kChunks> p, q;
  if (now.user >= 0) {
    p.load(descent.users, now.user);
    q.load(descent.items, now.item);
  }
  for (int64_t n = 0; n < longest; ++n) {
    const Rating after = tile.ratings[n + 2];
    MemberRow<kChunks> next_p, next_q;
    const bool other_user = next.user >= 0 && next.user != now.user;
    const bool other_item = next.user >= 0 && next.item != now.item;
    if (kBothAhead && other_user) next_p.load(descent.users, next.user);
    if (other_item) next_q.load(descent.items, next.item);
    const float product = row_product(p, q);
    if (now.user >= 0) {
      const FactorStep step = descend(descent, now.value, product, p.tail, q.tail, squares);
#pragma unroll
      for (int c = 0; c < kChunks; ++c) apply(step, p.factors[c], q.factors[c]);
      p.store(descent.users, now.user, biases);
      q.store(descent.items, now.item, biases);
    }
    if (kBothAhead && other_user) p = next_p;
    if (!kBothAhead && other_user) p.load(descent.users, next.user);
    if (other_item) q = next_q;
    now = next;
    next = after;
  }
  tile.finish(squares);
}

// The same for rows too long for registers: they are read twice, the second time from the cache, so that 6 × factors
// floats pass the first level.
__global__ void __launch_bounds__(kStepThreads)
    sgd_step_long_rows_kernel(Descent descent, Tiles tiles, double* __restrict__ tile_squares) {
  const TeamTile tile(tiles, tile_squares);
  const int64_t longest = longest_of_warp(tile.ratings.count);
  const int64_t factors = descent.users.factors;
  double squares = 0;
  for (int64_t n = 0; n < longest; ++n) {
    const Rating now = tile.ratings[n];
    const bool active = now.user >= 0;
    float* p = descent.users.row(active ? now.user : 0);
    float* q = descent.items.row(active ? now.item : 0);
    const float product = row_product(p, q, factors, active);
    if (!active) continue;
    float2 p_tail = *member_tail(p, factors), q_tail = *member_tail(q, factors);
    const FactorStep step = descend(descent, now.value, product, p_tail, q_tail, squares);
    for (int c = 0; c < factors / kLanes; ++c) {
      float4 p_part = *member_factors(p, c), q_part = *member_factors(q, c);
      apply(step, p_part, q_part);
      *member_factors(p, c) = p_part;
      *member_factors(q, c) = q_part;
    }
    if (!descent.objective.biases) continue;
    *member_tail(p, factors) = p_tail;
    *member_tail(q, factors) = q_tail;
  }
  tile.finish(squares);
}

auto step_kernel(int64_t factors) {
  if (factors <= 1 * kLanes) return Kernel("sgd_step_kernel", sgd_step_kernel<1>);
  if (factors <= 2 * kLanes) return Kernel("sgd_step_kernel", sgd_step_kernel<2>);
  if (factors <= 4 * kLanes) return Kernel("sgd_step_kernel", sgd_step_kernel<4>);
  if (factors <= 8 * kLanes) return Kernel("sgd_step_kernel", sgd_step_kernel<8>);
  return Kernel("sgd_step_long_rows_kernel", sgd_step_long_rows_kernel);
}

}  // namespace

double sgd_epoch_cuda(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                      float learning_rate) {
  CudaResources& cuda = context.cuda();
  DeviceTraining& training = operands.on_device();
  const Descent descent = {training.users(), training.items(), training.mean, operands.objective(), learning_rate};
  return descend_by_steps(cuda, training, strata, [&](LaunchShape shape, const Tiles& tiles) {
    launch(cuda, step_kernel(training.factors), shape, descent, tiles, training.tile_squares.data());
  });
}

}  // namespace matinee::factorization
