#pragma once

#include <cmath>
#include <cstdint>

#include "kernels/dense/adam_step.h"
#include "kernels/support/host_device.h"

namespace matinee::dense {

// What is the same for all parameters of a step.
struct AdamUpdate {
  float rate;          // learning_rate / (1 - β1^step)
  float root_scale;    // 1 / √(1 - β2^step)
  float mean_share;    // 1 - β1
  float square_share;  // 1 - β2
  float epsilon, clip_norm, loss_scale;

  AdamUpdate(const AdamSettings& settings, int64_t step)
      : rate(static_cast<float>(double{settings.learning_rate} /
                                (1 - std::pow(double{settings.beta1}, static_cast<double>(step))))),
        root_scale(static_cast<float>(1 / std::sqrt(1 - std::pow(double{settings.beta2}, static_cast<double>(step))))),
        mean_share(static_cast<float>(1 - double{settings.beta1})),
        square_share(static_cast<float>(1 - double{settings.beta2})),
        epsilon(settings.epsilon),
        clip_norm(settings.clip_norm),
        loss_scale(settings.loss_scale) {}

  // Whether there is a step to take, of Σ g² = squares.
  MATINEE_HOST_DEVICE_INLINE bool taken(const double* squares) const {
    return loss_scale == 0 || *squares <= 1.7976931348623157e308;  // neither infinite nor NaN
  }

  // What the gradient is multiplied with, of Σ g² = squares.
  MATINEE_HOST_DEVICE_INLINE float factor(const double* squares) const {
    const double scale = loss_scale > 0 ? 1 / double{loss_scale} : 1;
    if (clip_norm <= 0) return static_cast<float>(scale);
    const double norm = sqrt(*squares) * scale;
    return norm > double{clip_norm} ? static_cast<float>(double{clip_norm} * scale / norm) : static_cast<float>(scale);
  }

  // One parameter. √ and ÷ are exactly rounded, on every device.
  MATINEE_HOST_DEVICE_INLINE float step(float parameter, float gradient, float& mean, float& square) const {
    mean = fmaf(mean_share, gradient - mean, mean);
    square = fmaf(square_share, fmaf(gradient, gradient, -square), square);
    return parameter - rate * mean / fmaf(sqrtf(square), root_scale, epsilon);
  }
};

}  // namespace matinee::dense
