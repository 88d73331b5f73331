#include <algorithm>

#include "kernels/dense/adam_step.h"
#include "kernels/dense/adam_update.h"
#include "kernels/support/buffer.h"
#include "kernels/support/grid.h"
#include "kernels/support/halved_sum.h"
#include "kernels/support/multiversion.h"

namespace matinee::dense {
namespace {

constexpr int64_t kGrain = 1 << 15;  // parameters: 500 kB

MATINEE_MULTIVERSION_FUSED void update(const AdamUpdate& settings, float factor, float* __restrict__ parameters,
                                       float* __restrict__ gradient, float* __restrict__ mean,
                                       float* __restrict__ square, int64_t count) {
  const AdamUpdate step = settings;
  for (int64_t n = 0; n < count; ++n) {
    parameters[n] = step.step(parameters[n], gradient[n] * factor, mean[n], square[n]);
    gradient[n] = 0;
  }
}

MATINEE_MULTIVERSION_FUSED double sum_of_squares(const float* numbers, int64_t count) {
  double lanes[kSummedLanes] = {};
  const int64_t whole = count / kSummedLanes * kSummedLanes;
  for (int64_t n = 0; n < whole; n += kSummedLanes) {
    for (int64_t lane = 0; lane < kSummedLanes; ++lane) {
      const auto number = static_cast<double>(numbers[n + lane]);
      lanes[lane] += number * number;
    }
  }
  for (int64_t n = whole; n < count; ++n) {
    const auto number = static_cast<double>(numbers[n]);
    lanes[n - whole] += number * number;
  }
  return halved_sum(lanes);
}

}  // namespace

void squared_gradient_cpu(Context& context, const float* gradient, int64_t count, double* squares) {
  Buffer<double> sums(pieces(count, kSummedNumbers));
  parallel_blocks(context, count, kSummedNumbers, [&](int64_t begin, int64_t end, int) {
    sums[begin / kSummedNumbers] = sum_of_squares(gradient + begin, end - begin);
  });
  double sum = 0;
  for (const double piece : sums.span()) sum += piece;
  *squares = sum;
}

void adam_step_cpu(Context& context, const AdamSettings& settings, int64_t step, const double* squares,
                   const AdamState& state) {
  const AdamUpdate constants(settings, step);
  if (!constants.taken(squares)) {
    std::fill_n(state.gradient, state.count, 0.0f);
    return;
  }
  const float factor = constants.factor(squares);
  parallel_blocks(context, state.count, kGrain, [&](int64_t begin, int64_t end, int) {
    update(constants, factor, state.parameters + begin, state.gradient + begin, state.mean + begin,
           state.square + begin, end - begin);
  });
}

}  // namespace matinee::dense
