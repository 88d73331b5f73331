#pragma once

#include <cstdint>

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/logistic.h"
#include "kernels/factorization/padded.h"
#include "kernels/support/philox.h"

namespace matinee::factorization {

// How a dot product becomes a prediction: x itself, or 1 / (1 + e^-x) for ratings mapped to [0, 1].
enum class Link { kIdentity, kLogistic };

// What one step of SGD on one rating does to a row, apart from the gradient of the data.
struct RatingStep {
  float learning_rate;
  float user_penalty, item_penalty;            // λ of this rating for p_u and q_i
  float user_bias_penalty, item_bias_penalty;  // λ of this rating for b_u and c_i
};

// Σ p_k q_k over a padded row. The one order of additions: lane l adds k = l, l + 16, l + 32 …, then the upper half of
// the lanes is added to the lower half until one is left. The same bits with any vector width and on every device.
MATINEE_HOST_DEVICE inline float dot(const float* __restrict p, const float* __restrict q, int64_t stride) {
  float sums[kLanes] = {};
  for (int64_t k = 0; k < stride; k += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) sums[lane] += p[k + lane] * q[k + lane];
  }
  float eight[8], four[4];
  for (int lane = 0; lane < 8; ++lane) eight[lane] = sums[lane] + sums[lane + 8];
  for (int lane = 0; lane < 4; ++lane) four[lane] = eight[lane] + eight[lane + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

// x_ui of the model.
template <typename T>
MATINEE_HOST_DEVICE inline float predictor(const FactorsView<T>& model, int32_t user, int32_t item) {
  return ((model.mean + model.user_biases[user]) + model.item_biases[item]) +
         dot(model.user_factors.row(user), model.item_factors.row(item), model.user_factors.stride);
}

// What the rating lacks: value - prediction.
template <Link link>
MATINEE_HOST_DEVICE inline float rating_error(float value, float x) {
  if constexpr (link == Link::kLogistic) x = logistic(x);
  return value - x;
}

// -½ ∂e²/∂x: the error, times the slope of the link.
template <Link link>
MATINEE_HOST_DEVICE inline float rating_gradient(float value, float error) {
  if constexpr (link == Link::kIdentity) return error;
  const float prediction = value - error;
  return error * (prediction * (1.0f - prediction));
}

// p += α (g q - λ_p p), q += α (g p(old) - λ_q q) over a padded row, written as (1 - α λ) p + (α g) q.
MATINEE_HOST_DEVICE inline void update_factors(float* __restrict p, float* __restrict q, int64_t stride, float gradient,
                                               const RatingStep& step) {
  const float pull = step.learning_rate * gradient;
  const float keep_p = 1.0f - step.learning_rate * step.user_penalty;
  const float keep_q = 1.0f - step.learning_rate * step.item_penalty;
  for (int64_t first = 0; first < stride; first += kLanes) {
    for (int64_t k = first; k < first + kLanes; ++k) {
      const float old_p = p[k], old_q = q[k];
      p[k] = keep_p * old_p + pull * old_q;
      q[k] = keep_q * old_q + pull * old_p;
    }
  }
}

// b += α (g - λ b)
MATINEE_HOST_DEVICE inline void update_bias(float& bias, float gradient, float learning_rate, float penalty) {
  bias += learning_rate * (gradient - penalty * bias);
}

}  // namespace matinee::factorization
