#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/factorization/factors_view.h"
#include "kernels/factorization/logistic.h"
#include "kernels/factorization/padded.h"
#include "kernels/factorization/stored_number.h"
#include "kernels/support/philox.h"

namespace matinee::factorization {

// How a dot product becomes a prediction, and what of it is minimised: x itself or, for ratings mapped to [0, 1],
// 1 / (1 + e^-x) by their squared error; the same of examples 1 and 0 by their log loss.
enum class Link { kIdentity, kLogistic, kLogOdds };

// What one step of SGD on one rating does to a row, apart from the gradient of the data.
struct RatingStep {
  float learning_rate;
  float user_penalty, item_penalty;            // λ of this rating for p_u and q_i
  float user_bias_penalty, item_bias_penalty;  // λ of this rating for b_u and c_i
};

// The sum of the lanes of dot().
MATINEE_HOST_DEVICE_INLINE float total(const float (&sums)[kLanes]) {
  float eight[8], four[4];  // a team of threads on the device adds them so too: team_rows.cuh
  for (int lane = 0; lane < 8; ++lane) eight[lane] = sums[lane] + sums[lane + 8];
  for (int lane = 0; lane < 4; ++lane) four[lane] = eight[lane] + eight[lane + 4];
  return (four[0] + four[2]) + (four[1] + four[3]);
}

// Σ p_k q_k over a padded row. The one order of additions: lane l adds k = l, l + 16, l + 32 …, then the upper half of
// the lanes is added to the lower half until one is left. The same bits with any vector width and on every device.
template <typename T>
MATINEE_HOST_DEVICE_INLINE float dot(const T* __restrict p, const T* __restrict q, int64_t stride) {
  float sums[kLanes] = {};
  for (int64_t k = 0; k < stride; k += kLanes) {
    for (int lane = 0; lane < kLanes; ++lane) sums[lane] += widen(p[k + lane]) * widen(q[k + lane]);
  }
  return total(sums);
}

// x_ui of the model.
template <typename T, typename Bias>
MATINEE_HOST_DEVICE_INLINE float predictor(const FactorsView<T, Bias>& model, int32_t user, int32_t item) {
  return ((model.mean + model.user_biases[user]) + model.item_biases[item]) +
         dot<std::remove_const_t<T>>(model.user_factors.row(user), model.item_factors.row(item),
                                     model.user_factors.stride);
}

// What the rating lacks: value - prediction.
template <Link link>
MATINEE_HOST_DEVICE inline float rating_error(float value, float x) {
  if constexpr (link != Link::kIdentity) x = logistic(x);
  return value - x;
}

// -½ ∂e²/∂x: the error, times the slope of the link. Of the log loss -∂/∂x is the error itself.
template <Link link>
MATINEE_HOST_DEVICE inline float rating_gradient(float value, float error) {
  if constexpr (link != Link::kLogistic) return error;
  const float prediction = value - error;
  return error * (prediction * (1.0f - prediction));
}

// How a step changes the rows, with α: the numbers of a row become (1 - α λ) of themselves + α g of another row.
struct RowStep {
  float pull, keep_p, keep_q;

  MATINEE_HOST_DEVICE RowStep(float gradient, const RatingStep& step)
      : pull(step.learning_rate * gradient),
        keep_p(1.0f - step.learning_rate * step.user_penalty),
        keep_q(1.0f - step.learning_rate * step.item_penalty) {}

  // p += α (g q - λ_p p), q += α (g p(old) - λ_q q), of numbers or of the compiler's vectors of them
  template <typename Numbers>
  MATINEE_HOST_DEVICE_INLINE void apply(Numbers& p, Numbers& q) const {
    const Numbers old_p = p, old_q = q;
    p = keep_p * old_p + pull * old_q;
    q = keep_q * old_q + pull * old_p;
  }
  // Bayesian personalised ranking (Rendle et al., UAI 2009), n the row of the negative:
  // p += α (g (q - n) - λ_p p), q += α (g p(old) - λ_q q), n += α (-g p(old) - λ_q n)
  template <typename Numbers>
  MATINEE_HOST_DEVICE_INLINE void apply(Numbers& p, Numbers& q, Numbers& n) const {
    const Numbers old_p = p, old_q = q, old_n = n;
    p = keep_p * old_p + pull * (old_q - old_n);
    q = keep_q * old_q + pull * old_p;
    n = keep_q * old_n - pull * old_p;
  }
};

// The step over padded rows.
template <typename T>
MATINEE_HOST_DEVICE_INLINE void update_factors(T* __restrict p, T* __restrict q, int64_t stride, const RowStep& step,
                                               const RoundingDraws& draws) {
  for (int64_t first = 0; first < stride; first += kLanes) {
    for (int64_t k = first; k < first + kLanes; ++k) {
      float wide_p = widen(p[k]), wide_q = widen(q[k]);
      step.apply(wide_p, wide_q);
      const uint32_t draw = draws(k);
      p[k] = narrow<T>(wide_p, RoundingDraws::first(draw));
      q[k] = narrow<T>(wide_q, RoundingDraws::second(draw));
    }
  }
}

template <typename T>
MATINEE_HOST_DEVICE_INLINE void update_pair(T* __restrict p, T* __restrict q, T* __restrict n, int64_t stride,
                                            const RowStep& step, const RoundingDraws& draws) {
  for (int64_t first = 0; first < stride; first += kLanes) {
    for (int64_t k = first; k < first + kLanes; ++k) {
      float wide_p = widen(p[k]), wide_q = widen(q[k]), wide_n = widen(n[k]);
      step.apply(wide_p, wide_q, wide_n);
      const uint32_t draw = draws(k);
      p[k] = narrow<T>(wide_p, RoundingDraws::first(draw));
      q[k] = narrow<T>(wide_q, RoundingDraws::second(draw));
      n[k] = narrow<T>(wide_n, RoundingDraws::third(draw));
    }
  }
}

// b += α (g - λ b)
MATINEE_HOST_DEVICE_INLINE void update_bias(float& bias, float gradient, float learning_rate, float penalty) {
  bias += learning_rate * (gradient - penalty * bias);
}

}  // namespace matinee::factorization
