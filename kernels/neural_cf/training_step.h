#pragma once

#include <cstdint>
#include <memory>

#include "kernels/dense/adam_step.h"
#include "kernels/neural_cf/example_sampler.h"
#include "kernels/neural_cf/trained_network.h"

namespace matinee::neural_cf {

struct StepOptions {
  Optimizer optimizer = Optimizer::kAdam;
  dense::AdamSettings adam;  // clip_norm and loss_scale are not looked at; with SGD learning_rate alone is
  float penalty = 0;

  dense::AdamSettings unclipped() const {
    dense::AdamSettings settings = adam;
    settings.clip_norm = settings.loss_scale = 0;
    return settings;
  }
  // What each of the examples of a batch counts in the gradient …
  float share(int64_t examples) const { return by_adam(optimizer) ? 1.0f / static_cast<float>(examples) : 1.0f; }
  // … and what the dense parameters step of it with SGD.
  float dense_rate(int64_t examples) const { return adam.learning_rate / static_cast<float>(examples); }
};

// Steps of training on batches of examples; keeps the working memory of a step.
class TrainingStep {
 public:
  virtual ~TrainingStep() = default;

  // Step number `step` (1, 2, …) on the examples' mean (SGD of vectors: their sum) of
  //   -y ln σ(x) - (1-y) ln(1 - σ(x)) + penalty/2 (‖user's vector‖² + ‖item's vector‖²);
  // adds Σ of the first two terms to network.loss. Adam is lazy in the vectors, as PyTorch's SparseAdam: those of users
  // and items of the batch and their running means change, all others stay as they are; the bias correction is that of
  // `step` for all. Dense Adam, as PyTorch's Adam, steps all vectors, with a gradient of 0 where the batch has none:
  // they go on along their running mean, and the mean of the squares of rare ones, which fades, lets them step further.
  // SGD subtracts learning_rate times the gradient, for the vectors that of the sum: a vector, which few examples of a
  // batch have, steps as if each example came alone, whatever the batch; the dense parameters, which all have, step
  // once a batch. `network` is one for the optimizer of the options. The same bits for any number of threads; on CUDA
  // equal within rounding.
  virtual void run(Context& context, TrainedNetwork& network, const ExamplesView& examples, const StepOptions& options,
                   int64_t step) = 0;
  // Adds the examples' Σ of -y ln σ(x) - (1-y) ln(1 - σ(x)) to network.loss; changes nothing else.
  virtual void add_loss(Context& context, TrainedNetwork& network, const ExamplesView& examples) = 0;
};

// For batches of at most most_examples. Error(kConfig) where that is below 1.
std::unique_ptr<TrainingStep> make_training_step(Context& context, const NetworkShape& shape, int64_t most_examples);
std::unique_ptr<TrainingStep> make_training_step_cpu(Context& context, const NetworkShape& shape,
                                                     int64_t most_examples);

// Bytes of working memory, on the CPU and on CUDA.
int64_t training_step_bytes(const NetworkShape& shape, int64_t most_examples);
int64_t training_step_device_bytes(const NetworkShape& shape, int64_t most_examples);

}  // namespace matinee::neural_cf
