#pragma once

#include "kernels/neural_cf/network_shape.h"
#include "kernels/support/array.h"

namespace matinee::neural_cf {

// Parameters in the memory of the context's device, with Adam's running means; all zero at first.
struct TrainedPart {
  Array<float> parameters, mean, square;

  TrainedPart() = default;
  TrainedPart(Context& context, int64_t count)
      : parameters(context, count), mean(context, count), square(context, count) {}
};

struct TrainedNetwork {
  NetworkShape shape;
  TrainedPart users;   // (users, shape.row())
  TrainedPart items;   // (items, shape.row())
  TrainedPart dense;   // (shape.dense()), as network_shape.h says
  Array<double> loss;  // (1): Σ of the log loss of all examples trained on

  TrainedNetwork(Context& context, const NetworkShape& network)
      : shape(network),
        users(context, network.users * network.row()),
        items(context, network.items * network.row()),
        dense(context, network.dense()),
        loss(context, 1) {}

  static int64_t bytes(const NetworkShape& network) {
    return 12 * ((network.users + network.items) * network.row() + network.dense()) + 8;
  }
};

}  // namespace matinee::neural_cf
