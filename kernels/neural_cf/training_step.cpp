#include "kernels/neural_cf/training_step.h"

#include "kernels/neural_cf/training_step_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::neural_cf {

std::unique_ptr<TrainingStep> make_training_step(Context& context, const NetworkShape& shape, int64_t most_examples) {
  if (most_examples < 1) fail(ErrorKind::kConfig, "batches of {} examples: give 1 or more", most_examples);
  return MATINEE_DISPATCH(context, make_training_step, shape, most_examples);
}

int64_t training_step_device_bytes(const NetworkShape& shape, int64_t most_examples) {
  constexpr int64_t kSorting = 2 * 32;  // keys, places and scratch space of users and of items
  const int64_t numbers = 2 * shape.activations() + 2 * shape.row() + 2;
  return most_examples * (4 * numbers + kSorting) + 4 * shape.dense();
}

}  // namespace matinee::neural_cf
