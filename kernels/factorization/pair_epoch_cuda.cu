#include "kernels/factorization/pair_epoch_cuda.h"
#include "kernels/factorization/step_tiles.cuh"

namespace matinee::factorization {
namespace {

struct PairDescent {
  DeviceRows users, items;
  float mean;
  Objective objective;
  float learning_rate;

  __device__ float predictor(const float2& user_tail, const float2& item_tail, float product) const {
    return ((mean + user_tail.x) + item_tail.x) + product;
  }
};

// A team works through a tile of the step, its pairs strictly one after the other. Rows are read twice, the second time
// from the cache. Per pair: 24 bytes and three rows read and written, 6 × (factors + 8) × 4 bytes; 13 flops per factor:
// bound by the latency of memory.
__global__ void __launch_bounds__(kStepThreads)
    pair_step_kernel(PairDescent descent, Tiles tiles, double* __restrict__ tile_squares) {
  const TeamTile tile(tiles, tile_squares);
  const int64_t longest = longest_of_warp(tile.ratings.count), factors = descent.users.factors;
  double squares = 0;
  for (int64_t n = 0; n < longest; n += 2) {
    const Rating held = tile.ratings[n], drawn = tile.ratings[n + 1];
    const bool active = drawn.user >= 0;
    float* p = descent.users.row(active ? held.user : 0);
    float* q = descent.items.row(active ? held.item : 0);
    float* d = descent.items.row(active ? drawn.item : 0);
    const float held_product = row_product(p, q, factors, active), drawn_product = row_product(p, d, factors, active);
    if (!active) continue;
    const float2 p_tail = *member_tail(p, factors);
    float2 q_tail = *member_tail(q, factors), d_tail = *member_tail(d, factors);
    const RatingStep step = rating_step(descent.objective, descent.learning_rate, p_tail.y, q_tail.y);
    const float x = descent.predictor(p_tail, q_tail, held_product) - descent.predictor(p_tail, d_tail, drawn_product);
    const float error = rating_error<Link::kLogOdds>(1.0f, x);
    if (descent.objective.biases) {
      update_bias(q_tail.x, error, step.learning_rate, step.item_bias_penalty);
      update_bias(d_tail.x, -error, step.learning_rate, step.item_bias_penalty);
      *member_tail(q, factors) = q_tail;
      *member_tail(d, factors) = d_tail;
    }
    const PairStep change(error, step);
    for (int c = 0; c < factors / kLanes; ++c) {
      float4 p4 = *member_factors(p, c), q4 = *member_factors(q, c), d4 = *member_factors(d, c);
      change.apply(p4.x, q4.x, d4.x);
      change.apply(p4.y, q4.y, d4.y);
      change.apply(p4.z, q4.z, d4.z);
      change.apply(p4.w, q4.w, d4.w);
      *member_factors(p, c) = p4;
      *member_factors(q, c) = q4;
      *member_factors(d, c) = d4;
    }
    squares += static_cast<double>(error) * static_cast<double>(error);
  }
  tile.finish(squares);
}

}  // namespace

double pair_epoch_cuda(Context& context, const TrainingOperands& operands, std::span<const int32_t> strata,
                       float learning_rate) {
  CudaResources& cuda = context.cuda();
  DeviceTraining& training = operands.on_device();
  const PairDescent descent = {training.users(), training.items(), training.mean, operands.objective(), learning_rate};
  return descend_by_steps(cuda, training, strata, [&](LaunchShape shape, const Tiles& tiles) {
    launch(cuda, Kernel("pair_step_kernel", pair_step_kernel), shape, descent, tiles, training.tile_squares.data());
  });
}

}  // namespace matinee::factorization
