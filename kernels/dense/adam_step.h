#pragma once

#include "kernels/support/context.h"

// Adam (Kingma and Ba, "Adam: a method for stochastic optimization", ICLR 2015), with the gradient clipped by its
// global norm first (Pascanu, Mikolov and Bengio, ICML 2013). Arrays lie in the memory of the context's device.
namespace matinee::dense {

struct AdamSettings {
  float learning_rate = 0.001f, beta1 = 0.9f, beta2 = 0.999f, epsilon = 1e-8f;
  float clip_norm = 0;  // a gradient of larger norm is scaled down to it; 0: never
  // The gradient comes multiplied with it. Where it is not 0, a step of an infinite or NaN gradient is not taken.
  float loss_scale = 0;
};

// *squares = Σ g², in double. In pieces of kSummedNumbers; lane l of a piece adds up its numbers l, l + kSummedLanes,
// …; then the upper half of the lanes is added to the lower until one is left; then come the pieces in their order: the
// same bits for any number of threads and on CUDA.
void squared_gradient(Context& context, const float* gradient, int64_t count, double* squares);

inline constexpr int64_t kSummedNumbers = 4096, kSummedLanes = 32;

struct AdamState {
  float* parameters = nullptr;
  float* gradient = nullptr;                 // zero afterwards, ready for the next step
  float *mean = nullptr, *square = nullptr;  // running ones of the gradient; zero before the first step
  int64_t count = 0;
};

// Step number `step` (1, 2, …), all in float, each operation rounded once: the same bits on CUDA.
//   g' = g / loss_scale · min(1, clip_norm · loss_scale / √squares), m += (1-β1)(g' - m), v += (1-β2)(g'² - v),
//   p -= learning_rate / (1-β1^step) · m / (√v / √(1-β2^step) + ε)
// `squares` is what squared_gradient() left; only read where clip_norm or loss_scale is above 0. Reads and writes 32
// bytes a parameter. Error(kConfig) for a step below 1.
void adam_step(Context& context, const AdamSettings& settings, int64_t step, const double* squares,
               const AdamState& state);

void squared_gradient_cpu(Context& context, const float* gradient, int64_t count, double* squares);
void adam_step_cpu(Context& context, const AdamSettings& settings, int64_t step, const double* squares,
                   const AdamState& state);

}  // namespace matinee::dense
