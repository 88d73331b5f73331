#include "kernels/neural_cf/training_step.h"

#include "kernels/support/dispatch.h"

namespace matinee::neural_cf {

std::unique_ptr<TrainingStep> make_training_step(Context& context, const NetworkShape& shape, int64_t most_examples) {
  if (most_examples < 1) fail(ErrorKind::kConfig, "batches of {} examples: give 1 or more", most_examples);
  return make_training_step_cpu(context, shape, most_examples);
}

}  // namespace matinee::neural_cf
