#pragma once

#include <cstdint>
#include <memory>

#include "kernels/dense/adam_step.h"
#include "kernels/neural_cf/example_sampler.h"
#include "kernels/neural_cf/trained_network.h"

namespace matinee::neural_cf {

struct StepOptions {
  dense::AdamSettings adam;  // clip_norm and loss_scale are not looked at
  float penalty = 0;

  dense::AdamSettings unclipped() const {
    dense::AdamSettings settings = adam;
    settings.clip_norm = settings.loss_scale = 0;
    return settings;
  }
};

// Steps of training on batches of examples; keeps the working memory of a step.
class TrainingStep {
 public:
  virtual ~TrainingStep() = default;

  // Step number `step` (1, 2, …) of Adam on the mean over the examples of
  //   -y ln σ(x) - (1-y) ln(1 - σ(x)) + penalty/2 (‖user's vector‖² + ‖item's vector‖²);
  // adds Σ of the first two terms to network.loss. Adam is lazy in the vectors, as PyTorch's SparseAdam: those of users
  // and items of the batch and their running means change, all others stay as they are; the bias correction is that of
  // `step` for all. The same bits for any number of threads; on CUDA equal within rounding.
  virtual void run(Context& context, TrainedNetwork& network, const ExamplesView& examples, const StepOptions& options,
                   int64_t step) = 0;
};

// For batches of at most most_examples. Error(kConfig) where that is below 1.
std::unique_ptr<TrainingStep> make_training_step(Context& context, const NetworkShape& shape, int64_t most_examples);
std::unique_ptr<TrainingStep> make_training_step_cpu(Context& context, const NetworkShape& shape,
                                                     int64_t most_examples);

// Bytes of working memory, on the CPU and on CUDA.
int64_t training_step_bytes(const NetworkShape& shape, int64_t most_examples);
int64_t training_step_device_bytes(const NetworkShape& shape, int64_t most_examples);

}  // namespace matinee::neural_cf
