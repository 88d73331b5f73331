#pragma once

#include "kernels/neural_cf/training_step.h"

namespace matinee::neural_cf {

std::unique_ptr<TrainingStep> make_training_step_cuda(Context& context, const NetworkShape& shape,
                                                      int64_t most_examples);

}  // namespace matinee::neural_cf
