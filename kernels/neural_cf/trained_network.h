#pragma once

#include "kernels/dense/adam_step.h"
#include "kernels/neural_cf/network_shape.h"
#include "kernels/support/array.h"

namespace matinee::neural_cf {

// kAdam is lazy in the vectors; kDenseAdam steps all of them each time.
enum class Optimizer { kAdam, kSgd, kDenseAdam };

inline bool by_adam(Optimizer optimizer) {
  return optimizer != Optimizer::kSgd;
}

// Parameters in the memory of the context's device, with Adam's running means, which SGD does without (0 numbers); all
// zero at first.
struct TrainedPart {
  Array<float> parameters, mean, square;
  Array<float> gradient;  // of the vectors with kDenseAdam, else 0 numbers; zero between steps

  TrainedPart() = default;
  TrainedPart(Context& context, int64_t count, Optimizer optimizer)
      : parameters(context, count),
        mean(context, by_adam(optimizer) ? count : 0),
        square(context, by_adam(optimizer) ? count : 0) {}

  static TrainedPart of_vectors(Context& context, int64_t count, Optimizer optimizer) {
    TrainedPart part(context, count, optimizer);
    if (optimizer == Optimizer::kDenseAdam) part.gradient = Array<float>(context, count);
    return part;
  }

  dense::AdamState adam_state(float* gradients) {
    return {parameters.data(), gradients, mean.data(), square.data(), parameters.size()};
  }
};

struct TrainedNetwork {
  NetworkShape shape;
  TrainedPart users;   // (users, shape.row())
  TrainedPart items;   // (items, shape.row())
  TrainedPart dense;   // (shape.dense()), as network_shape.h says
  Array<double> loss;  // (1): Σ of the log loss of all examples trained on

  TrainedNetwork(Context& context, const NetworkShape& network, Optimizer optimizer)
      : shape(network),
        users(TrainedPart::of_vectors(context, network.users * network.row(), optimizer)),
        items(TrainedPart::of_vectors(context, network.items * network.row(), optimizer)),
        dense(context, network.dense(), optimizer),
        loss(context, 1) {}

  static int64_t bytes(const NetworkShape& network, Optimizer optimizer) {
    const int64_t arrays = by_adam(optimizer) ? 3 : 1, of_vectors = optimizer == Optimizer::kDenseAdam ? 4 : arrays;
    return 4 * (of_vectors * (network.users + network.items) * network.row() + arrays * network.dense()) + 8;
  }
};

}  // namespace matinee::neural_cf
