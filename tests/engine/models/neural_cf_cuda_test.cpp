#include <array>
#include <cmath>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "engine/models/neural_cf.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/cuda_device.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using test::TrainingData;

const test::Choices kShort = {{"factors", 3.0}, {"epochs", 2.0}, {"batch", 50.0}, {"learning_rate", 0.001}};

class LossMonitor : public SilentMonitor {
 public:
  void metric(int64_t, std::string_view, double value) override { losses.push_back(value); }
  std::vector<double> losses;
};

template <typename M>
std::vector<double> losses_on(Device device, const TrainingData& data) {
  const auto model = test::chosen<M>(kShort);
  Context context(device, 2);
  LossMonitor monitor;
  model->train(context, data.input(3), monitor);
  return monitor.losses;
}

template <typename M>
void expect_same_losses(const TrainingData& data) {
  const auto expected = losses_on<M>(Device{}, data), found = losses_on<M>(test::cuda_device(), data);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t epoch = 0; epoch < found.size(); ++epoch) {
    EXPECT_NEAR(found[epoch], expected[epoch], 1e-3 * expected[epoch]) << "epoch " << epoch;
  }
}

TEST(NeuralCfCuda, HasTheLossCurveOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  expect_same_losses<Gmf>(data);
  expect_same_losses<Mlp>(data);
  expect_same_losses<NeuMf>(data);
}

// What a device has begun it ends with the bytes that it would have had, and the CPU can go on with.
TEST(NeuralCfCuda, ResumesToTheSameBytes) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  Context cuda(test::cuda_device(), 2), cpu({}, 2);
  SilentMonitor silent;
  const auto undisturbed = test::chosen<NeuMf>(kShort);
  ASSERT_TRUE(test::train(*undisturbed, data.input(1), cuda, silent));
  for (const int64_t offer : {1, 4}) {
    for (Context* context : {&cuda, &cpu}) {
      test::StoppingMonitor first(offer);
      ASSERT_FALSE(test::train(*test::chosen<NeuMf>(kShort), data.input(1), cuda, first));
      test::StoppingMonitor second(0, &first);
      const auto resumed = test::chosen<NeuMf>(kShort);
      ASSERT_TRUE(test::train(*resumed, data.input(1), *context, second));
      if (context == &cuda) {
        EXPECT_TRUE(test::saved_bytes(*resumed) == test::saved_bytes(*undisturbed)) << offer;
      }
    }
  }
}

}  // namespace
}  // namespace matinee::engine
