#include <cmath>

#include "kernels/dense/elementary.h"
#include "kernels/seq2seq/token_loss.h"
#include "kernels/support/buffer.h"
#include "kernels/support/multiversion.h"

namespace matinee::seq2seq {
namespace {

constexpr int64_t kRowsPerTask = 8;
constexpr int64_t kLanes = 16;

struct RowResult {
  double loss;
  int32_t best;
};

// The highest of `count` numbers, of those that are no NaN or the first.
MATINEE_MULTIVERSION_FUSED float highest(const float* numbers, int64_t count) {
  constexpr int64_t kSeparate = 8 * kLanes;  // a comparison takes several times as long as until the next can begin
  float lanes[kSeparate];
  for (float& lane : lanes) lane = numbers[0];
  const int64_t whole = count / kSeparate * kSeparate;
  for (int64_t n = 0; n < whole; n += kSeparate) {
    for (int64_t lane = 0; lane < kSeparate; ++lane) {
      const float number = numbers[n + lane];
      lanes[lane] = number > lanes[lane] ? number : lanes[lane];
    }
  }
  for (int64_t n = whole; n < count; ++n) lanes[0] = numbers[n] > lanes[0] ? numbers[n] : lanes[0];
  for (const float lane : lanes) lanes[0] = lane > lanes[0] ? lane : lanes[0];
  return lanes[0];
}

// numbers become e^(number - top); returns their sum, lane by lane.
MATINEE_MULTIVERSION_FUSED double exponentials(float* numbers, int64_t count, float top) {
  double lanes[kLanes] = {};
  const int64_t whole = count / kLanes * kLanes;
  for (int64_t n = 0; n < whole; n += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane) {
      const float e = dense::exponential(numbers[n + lane] - top);
      numbers[n + lane] = e;
      lanes[lane] += static_cast<double>(e);
    }
  }
  for (int64_t n = whole; n < count; ++n) {
    numbers[n] = dense::exponential(numbers[n] - top);
    lanes[0] += static_cast<double>(numbers[n]);
  }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

MATINEE_MULTIVERSION_FUSED void scale(float* numbers, int64_t count, float factor) {
  for (int64_t n = 0; n < count; ++n) numbers[n] *= factor;
}

// Σ max(x, 0) + ln(1 + e^-|x|), lane by lane; numbers become factor · σ(x) where factor is not 0.
MATINEE_MULTIVERSION_FUSED double sigmoids(float* numbers, int64_t count, float factor) {
  double lanes[kLanes] = {};
  for (int64_t n = 0; n < count; n += kLanes) {
    const int64_t width = count - n < kLanes ? count - n : kLanes;
    for (int64_t lane = 0; lane < width; ++lane) {
      const float x = numbers[n + lane], e = dense::exponential(-fabsf(x)), large = 1.0f / (1.0f + e);
      lanes[lane] += static_cast<double>((x > 0.0f ? x : 0.0f) + dense::log_of_one_plus(e));
      numbers[n + lane] = factor == 0.0f ? x : factor * (x < 0.0f ? e * large : large);
    }
  }
  double sum = 0;
  for (const double lane : lanes) sum += lane;
  return sum;
}

// Of `count` numbers the first that equals `value`; 0 only where there is a NaN.
MATINEE_MULTIVERSION_FUSED int32_t first_of(const float* numbers, int64_t count, float value) {
  constexpr int64_t kAtOnce = 8 * kLanes;
  int64_t begin = 0;
  for (; begin + kAtOnce <= count; begin += kAtOnce) {
    int32_t equal = 0;
    for (int64_t n = begin; n < begin + kAtOnce; ++n) equal |= numbers[n] == value ? 1 : 0;
    if (equal != 0) break;
  }
  for (int64_t n = begin; n < count; ++n) {
    if (numbers[n] == value) return static_cast<int32_t>(n);
  }
  return 0;
}

RowResult softmax_row(float* logits, int64_t count, int32_t target, float gradient_scale, float* scratch) {
  const float top = highest(logits, count);
  const auto own = static_cast<double>(logits[target]);
  const int32_t best = first_of(logits, count, top);
  float* powers = logits;
  if (gradient_scale == 0) {
    powers = scratch;
    for (int64_t n = 0; n < count; ++n) powers[n] = logits[n];
  }
  const double sum = exponentials(powers, count, top);
  if (gradient_scale != 0) {
    scale(logits, count, static_cast<float>(static_cast<double>(gradient_scale) / sum));
    logits[target] -= gradient_scale;
  }
  return {std::log(sum) + (static_cast<double>(top) - own), best};
}

RowResult sigmoid_row(float* logits, int64_t count, int32_t target, float gradient_scale) {
  const float top = highest(logits, count);
  const auto own = static_cast<double>(logits[target]);
  const int32_t best = first_of(logits, count, top);
  const float factor = gradient_scale / static_cast<float>(count);
  const double sum = sigmoids(logits, count, factor);
  if (gradient_scale != 0) logits[target] -= factor;
  return {(sum - own) / static_cast<double>(count), best};
}

}  // namespace

void token_loss_cpu(Context& context, TokenLoss loss, const int32_t* targets, const MatrixView<float>& logits,
                    float gradient_scale, int32_t* best, TokenSums* sums) {
  Buffer<RowResult> results(logits.rows);
  parallel_blocks(context, logits.rows, kRowsPerTask, [&](int64_t begin, int64_t end, int) {
    Buffer<float> scratch(loss == TokenLoss::kSoftmax && gradient_scale == 0 ? logits.columns : 0);
    for (int64_t row = begin; row < end; ++row) {
      results[row] = loss == TokenLoss::kSoftmax
                         ? softmax_row(logits.row(row), logits.columns, targets[row], gradient_scale, scratch.data())
                         : sigmoid_row(logits.row(row), logits.columns, targets[row], gradient_scale);
    }
  });
  for (int64_t row = 0; row < logits.rows; ++row) {
    sums->loss += results[row].loss;
    sums->correct += results[row].best == targets[row] ? 1 : 0;
    if (best != nullptr) best[row] = results[row].best;
  }
}

}  // namespace matinee::seq2seq
