#pragma once

#include "kernels/neural_cf/network_shape.h"
#include "kernels/support/array.h"

namespace matinee::neural_cf {

enum class Optimizer { kAdam, kSgd };

// Parameters in the memory of the context's device, with Adam's running means, which SGD does without (0 numbers); all
// zero at first.
struct TrainedPart {
  Array<float> parameters, mean, square;

  TrainedPart() = default;
  TrainedPart(Context& context, int64_t count, Optimizer optimizer)
      : parameters(context, count),
        mean(context, optimizer == Optimizer::kAdam ? count : 0),
        square(context, optimizer == Optimizer::kAdam ? count : 0) {}
};

struct TrainedNetwork {
  NetworkShape shape;
  TrainedPart users;   // (users, shape.row())
  TrainedPart items;   // (items, shape.row())
  TrainedPart dense;   // (shape.dense()), as network_shape.h says
  Array<double> loss;  // (1): Σ of the log loss of all examples trained on

  TrainedNetwork(Context& context, const NetworkShape& network, Optimizer optimizer)
      : shape(network),
        users(context, network.users * network.row(), optimizer),
        items(context, network.items * network.row(), optimizer),
        dense(context, network.dense(), optimizer),
        loss(context, 1) {}

  static int64_t bytes(const NetworkShape& network, Optimizer optimizer) {
    return (optimizer == Optimizer::kAdam ? 12 : 4) *
               ((network.users + network.items) * network.row() + network.dense()) +
           8;
  }
};

}  // namespace matinee::neural_cf
