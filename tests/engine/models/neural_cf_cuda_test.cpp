#include <cmath>
#include <string>
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

// Some 340 ratings with 4 negatives each are 4 steps an epoch, in 13 epochs.
const test::Choices kFiftySteps = {{"factors", 3.0},         {"epochs", 13.0},          {"batch", 500.0},
                                   {"learning_rate", 0.005}, {"validation_share", 0.1}, {"patience", 20.0}};

test::Choices by(const char* optimizer, test::Choices choices = kFiftySteps) {
  choices["optimizer"] = std::string(optimizer);
  return choices;
}

// Running and validation loss of each epoch.
class LossMonitor : public SilentMonitor {
 public:
  void metric(int64_t, std::string_view, double value) override { losses.push_back(value); }
  std::vector<double> losses;
};

template <typename M>
std::vector<double> losses_on(Device device, const test::Choices& choices, const TrainingData& data) {
  const auto model = test::chosen<M>(choices);
  Context context(device, 2);
  LossMonitor monitor;
  model->train(context, data.input(3), monitor);
  return monitor.losses;
}

template <typename M>
void expect_same_losses(const test::Choices& choices, const TrainingData& data) {
  const auto expected = losses_on<M>(Device{}, choices, data), found = losses_on<M>(test::cuda_device(), choices, data);
  ASSERT_EQ(expected.size(), 26u);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t n = 0; n < found.size(); ++n) {
    ASSERT_TRUE(std::abs(found[n] - expected[n]) <= 1e-3 * expected[n])
        << "loss " << n << ": " << found[n] << " and not " << expected[n];
  }
}

TEST(NeuralCfCuda, HasTheLossCurveOfTheCpuOverFiftySteps) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(31, 33, 0.33, test::random_seed()));
  for (const char* optimizer : {"adam", "sgd", "dense_adam"}) {
    SCOPED_TRACE(optimizer);
    expect_same_losses<Gmf>(by(optimizer), data);
    expect_same_losses<Mlp>(by(optimizer), data);
    expect_same_losses<NeuMf>(by(optimizer), data);
  }
}

// What a device has begun it ends with the bytes that it would have had, and the CPU can go on with.
TEST(NeuralCfCuda, ResumesToTheSameBytes) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  Context cuda(test::cuda_device(), 2), cpu({}, 2);
  SilentMonitor silent;
  for (const char* optimizer : {"adam", "sgd", "dense_adam"}) {
    test::Choices choices = by(optimizer);
    choices["epochs"] = 2.0;
    const auto undisturbed = test::chosen<NeuMf>(choices);
    ASSERT_TRUE(test::train(*undisturbed, data.input(1), cuda, silent));
    for (const int64_t offer : {1, 4}) {
      for (Context* context : {&cuda, &cpu}) {
        test::StoppingMonitor first(offer);
        ASSERT_FALSE(test::train(*test::chosen<NeuMf>(choices), data.input(1), cuda, first));
        test::StoppingMonitor second(0, &first);
        const auto resumed = test::chosen<NeuMf>(choices);
        ASSERT_TRUE(test::train(*resumed, data.input(1), *context, second));
        if (context == &cuda) {
          EXPECT_TRUE(test::saved_bytes(*resumed) == test::saved_bytes(*undisturbed)) << offer;
        }
      }
    }
  }
}

}  // namespace
}  // namespace matinee::engine
