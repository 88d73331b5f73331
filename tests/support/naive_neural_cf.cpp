#include "tests/support/naive_neural_cf.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/support/philox.h"

namespace matinee::test {

using neural_cf::NetworkShape;

double NaiveNetwork::log_odds(int32_t user, int32_t item, double& least) const {
  const double* p = users.data() + user * shape.row();
  const double* q = items.data() + item * shape.row();
  std::vector<double> features;
  for (int64_t k = 0; k < shape.product(); ++k) features.push_back(p[k] * q[k]);
  std::vector<double> below;
  for (int64_t layer = 1; layer <= shape.layers; ++layer) {
    std::vector<double> outputs;
    for (int64_t unit = 0; unit < shape.width(layer); ++unit) {
      double z = dense[static_cast<std::size_t>(shape.bias(layer) + unit)];
      for (int64_t k = 0; k < shape.embedding() && layer == 1; ++k) {
        const auto place = static_cast<std::size_t>(unit * shape.embedding() + k);
        z += dense[static_cast<std::size_t>(shape.user_half()) + place] * p[shape.product() + k];
        z += dense[static_cast<std::size_t>(shape.item_half()) + place] * q[shape.product() + k];
      }
      for (std::size_t k = 0; k < below.size(); ++k) {
        z += dense[static_cast<std::size_t>(shape.weights(layer)) + static_cast<std::size_t>(unit) * below.size() + k] *
             below[k];
      }
      least = std::min(least, std::abs(z));
      outputs.push_back(std::max(z, 0.0));
    }
    below = outputs;
  }
  features.insert(features.end(), below.begin(), below.end());
  double x = dense[static_cast<std::size_t>(shape.output_bias())];
  for (std::size_t k = 0; k < features.size(); ++k)
    x += dense[static_cast<std::size_t>(shape.output()) + k] * features[k];
  return x;
}

double NaiveNetwork::log_loss(const std::vector<NaiveExample>& examples) const {
  double sum = 0, least = 0;
  for (const NaiveExample& example : examples) {
    const double x = log_odds(example.user, example.item, least);
    sum += std::max(x, 0.0) - x * example.label + std::log1p(std::exp(-std::abs(x)));
  }
  return sum / static_cast<double>(examples.size());
}

double NaiveNetwork::objective(const std::vector<NaiveExample>& examples, double penalty) const {
  double squares = 0;
  for (const NaiveExample& example : examples) {
    for (int64_t k = 0; k < shape.row(); ++k) {
      const double p = users[static_cast<std::size_t>(example.user * shape.row() + k)];
      const double q = items[static_cast<std::size_t>(example.item * shape.row() + k)];
      squares += p * p + q * q;
    }
  }
  return log_loss(examples) + penalty / 2 * squares / static_cast<double>(examples.size());
}

double NaiveNetwork::least_distance_from_kinks(const std::vector<NaiveExample>& examples) const {
  double least = std::numeric_limits<double>::max();
  for (const NaiveExample& example : examples) log_odds(example.user, example.item, least);
  return least;
}

NaiveNetwork random_network(const NetworkShape& shape, uint64_t seed) {
  NaiveNetwork network{shape, {}, {}, {}};
  uint64_t stream = 0;
  const auto fill = [&](std::vector<double>& numbers, int64_t count, int64_t inputs) {
    const Philox draws(seed, stream++);
    for (int64_t n = 0; n < count; ++n) {
      const double number = (2 * draws.uniform(static_cast<uint64_t>(n)) - 1) / std::sqrt(static_cast<double>(inputs));
      numbers.push_back(static_cast<double>(static_cast<float>(number)));
    }
  };
  fill(network.users, shape.users * shape.row(), 1);
  fill(network.items, shape.items * shape.row(), 1);
  fill(network.dense, shape.first_bias(), std::max<int64_t>(1, shape.embedding()));
  fill(network.dense, shape.dense() - shape.first_bias(), std::max<int64_t>(1, shape.last));
  return network;
}

std::vector<NaiveExample> random_examples(const NetworkShape& shape, int64_t count, uint64_t seed) {
  const Philox users(seed, 100), items(seed, 101), labels(seed, 102);
  std::vector<NaiveExample> examples;
  for (int64_t n = 0; n < count; ++n) {
    const auto index = static_cast<uint64_t>(n);
    examples.push_back({static_cast<int32_t>(users.below(index, static_cast<uint64_t>(shape.users))),
                        static_cast<int32_t>(items.below(index, static_cast<uint64_t>(shape.items))),
                        static_cast<double>(labels.below(index, 2))});
  }
  return examples;
}

std::vector<NetworkShape> network_shapes() {
  return {{.users = 1, .items = 1, .factors = 1},
          {.users = 7, .items = 5, .factors = 33},
          {.users = 3, .items = 31, .last = 1, .layers = 1},
          {.users = 33, .items = 4, .last = 3, .layers = 3},
          {.users = 5, .items = 9, .factors = 31, .last = 5, .layers = 2},
          {.users = 6, .items = 3, .factors = 2, .last = 17, .layers = 1}};
}

}  // namespace matinee::test
