#pragma once

#include <cstdint>
#include <vector>

#include "kernels/neural_cf/network_shape.h"

namespace matinee::test {

struct NaiveExample {
  int32_t user, item;
  double label;
};

// Neural collaborative filtering in double, one pair at a time.
struct NaiveNetwork {
  neural_cf::NetworkShape shape;
  std::vector<double> users, items, dense;

  // The log odds; `least` becomes the least distance of a ReLU's input from its kink, where that is less.
  double log_odds(int32_t user, int32_t item, double& least) const;
  // The mean that training_step.h names, without and with the penalty.
  double log_loss(const std::vector<NaiveExample>& examples) const;
  double objective(const std::vector<NaiveExample>& examples, double penalty) const;
  double least_distance_from_kinks(const std::vector<NaiveExample>& examples) const;
};

// Uniform numbers in (-1, 1) / √(inputs of the layer), by seed.
NaiveNetwork random_network(const neural_cf::NetworkShape& shape, uint64_t seed);
std::vector<NaiveExample> random_examples(const neural_cf::NetworkShape& shape, int64_t count, uint64_t seed);

// Some shapes: products alone, towers alone, both; odd sizes.
std::vector<neural_cf::NetworkShape> network_shapes();

}  // namespace matinee::test
