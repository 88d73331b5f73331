#include "kernels/neural_cf/score_network.h"

#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/cuda_device.h"
#include "tests/support/naive_neural_cf.h"
#include "tests/support/random_seed.h"

namespace matinee::neural_cf {
namespace {

using test::NaiveNetwork;

// A network in float, ready to score.
struct ScoredNetwork {
  explicit ScoredNetwork(const NaiveNetwork& network)
      : users(network.users.begin(), network.users.end()),
        items(network.items.begin(), network.items.end()),
        dense(network.dense.begin(), network.dense.end()) {
    view = {network.shape, users.data(), items.data(), dense.data(), nullptr};
    halves = item_halves_of(view);
    view.item_halves = halves.data();
  }

  std::vector<float> scores(Context& context, const std::vector<int32_t>& rows) const {
    const auto count = static_cast<int64_t>(rows.size());
    std::vector<float> result(rows.size() * static_cast<std::size_t>(view.shape.items));
    score_network(context, view, rows, {result.data(), count, view.shape.items, view.shape.items});
    return result;
  }

  std::vector<float> users, items, dense;
  Buffer<float> halves;
  ScoringNetwork view;
};

std::vector<NetworkShape> scored_shapes() {
  auto shapes = test::network_shapes();
  shapes.push_back({.users = 5, .items = 300, .factors = 9, .last = 20, .layers = 3});  // several chunks and tiles
  return shapes;
}

TEST(ScoreNetwork, GivesTheLogOddsOfEachPair) {
  const uint64_t seed = test::random_seed();
  Context context({}, 2);
  for (const NetworkShape& shape : scored_shapes()) {
    const NaiveNetwork network = test::random_network(shape, seed);
    const ScoredNetwork scored(network);
    const std::vector<int32_t> users = {static_cast<int32_t>(shape.users - 1), 0};
    const auto scores = scored.scores(context, users);
    std::size_t n = 0;
    double least = 1;
    for (const int32_t user : users) {
      for (int32_t item = 0; item < shape.items; ++item, ++n) {
        const double expected = network.log_odds(user, item, least);
        ASSERT_TRUE(std::abs(static_cast<double>(scores[n]) - expected) <= 1e-5 * (1 + std::abs(expected))) << item;
      }
    }
  }
}

TEST(ScoreNetwork, RefusesUnknownUsersAndOtherShapes) {
  Context context({}, 1);
  const ScoredNetwork scored(test::random_network({.users = 2, .items = 3, .factors = 1}, 1));
  std::vector<float> scores(6);
  for (const int32_t user : {-1, 2}) {
    EXPECT_THROW(score_network(context, scored.view, std::span(&user, 1), {scores.data(), 1, 3, 3}), Error);
  }
  const int32_t user = 0;
  EXPECT_THROW(score_network(context, scored.view, std::span(&user, 1), {scores.data(), 1, 2, 2}), Error);
  EXPECT_THROW(score_network(context, scored.view, std::span(&user, 1), {scores.data(), 2, 3, 3}), Error);
}

TEST(ScoreNetworkCuda, HasTheBitsOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const uint64_t seed = test::random_seed();
  Context cpu({}, 2), cuda(test::cuda_device(), 2);
  for (const NetworkShape& shape : scored_shapes()) {
    const ScoredNetwork scored(test::random_network(shape, seed));
    for (const std::vector<int32_t>& users : {std::vector<int32_t>{}, {static_cast<int32_t>(shape.users - 1), 0}}) {
      EXPECT_TRUE(scored.scores(cuda, users) == scored.scores(cpu, users)) << shape.factors << ' ' << shape.layers;
    }
  }
}

}  // namespace
}  // namespace matinee::neural_cf
