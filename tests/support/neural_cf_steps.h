#pragma once

#include <vector>

#include "kernels/neural_cf/training_step.h"
#include "tests/support/naive_neural_cf.h"

namespace matinee::test {

// A network in float, and Adam's running means of it.
struct SteppedNetwork {
  std::vector<float> users, items, dense;
  std::vector<float> users_mean, items_mean, dense_mean, users_square, items_square, dense_square;
  double loss = 0;

  bool operator==(const SteppedNetwork&) const = default;
};

// What steps on each of `batches`, which may have room for `most_examples`, make of a network.
SteppedNetwork steps_on(Context& context, const NaiveNetwork& start,
                        const std::vector<std::vector<NaiveExample>>& batches, const neural_cf::StepOptions& options,
                        int64_t most_examples);
// The same without a step: what add_loss() leaves.
SteppedNetwork losses_on(Context& context, const NaiveNetwork& network,
                         const std::vector<std::vector<NaiveExample>>& batches, int64_t most_examples);

}  // namespace matinee::test
