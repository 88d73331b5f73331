#include "engine/models/neural_cf.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using test::Choices;
using test::TrainingData;

// The training curves that a model reports.
class CurveMonitor : public SilentMonitor {
 public:
  void metric(int64_t, std::string_view name, double value) override { curves[std::string(name)].push_back(value); }
  std::map<std::string, std::vector<double>> curves;
};

template <typename M>
std::unique_ptr<Model> trained(const Choices& choices, const TrainingData& data, const Model* initial = nullptr) {
  auto model = test::chosen<M>(choices);
  TrainingInput input = data.input(1);
  input.initial = initial;
  test::train(*model, input, 2);
  return model;
}

const Choices kShort = {{"factors", 3.0}, {"epochs", 2.0}, {"batch", 32.0}};

Choices with(Choices choices, std::string_view name, double value) {
  choices[std::string(name)] = value;
  return choices;
}

TEST(NeuralCf, LossFallsFromThatOfACoin) {
  const TrainingData data(test::checkerboard(32, 36, false));
  Choices choices = with(kShort, "epochs", 30);
  choices["learning_rate"] = 0.01;
  const auto model = test::chosen<NeuMf>(choices);
  CurveMonitor monitor;
  ASSERT_TRUE(test::train(*model, data.input(test::random_seed()), 2, monitor));
  const auto& losses = monitor.curves["running_log_loss"];
  ASSERT_EQ(losses.size(), 30u);
  EXPECT_LT(losses.front(), std::log(2.0) + 0.01);
  EXPECT_LT(losses.back(), 0.6 * losses.front());
}

// A step so small that the network stays where it starts, but for rounding.
TEST(NeuralCf, NeuMfStartsFromTheMixtureOfItsPretrainedModels) {
  const TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  const auto gmf = trained<Gmf>(with(with(kShort, "learning_rate", 0.05), "factors", 5), data);
  const auto mlp = trained<Mlp>(with(kShort, "learning_rate", 0.05), data);
  Choices choices = with(with(kShort, "learning_rate", 1e-12), "pretrained_mix", 0.25);
  choices["factors"] = 5.0;
  choices["tower_factors"] = 3.0;
  choices["pretrained_gmf"] = std::string("a");
  choices["pretrained_mlp"] = std::string("b");
  const auto neumf = test::chosen<NeuMf>(choices);
  TrainingInput input = data.input(1);
  input.references = {{"a", gmf.get()}, {"b", mlp.get()}};
  test::train(*neumf, input, 2);
  const auto of_gmf = test::all_scores(*gmf, data), of_mlp = test::all_scores(*mlp, data);
  const auto found = test::all_scores(*neumf, data);
  for (std::size_t n = 0; n < found.size(); ++n) {
    ASSERT_NEAR(found[n], 0.25f * of_gmf[n] + 0.75f * of_mlp[n], 1e-5f * (1 + std::abs(found[n])));
  }
}

TEST(NeuralCf, NeuMfRefusesOtherModelsThanThoseItIsMadeOf) {
  const auto neumf = test::chosen<NeuMf>(kShort);
  const auto problem = [&](const char* parameter, const Model& other) {
    return neumf->obstacle_to_reference(parameter, other);
  };
  EXPECT_EQ(problem("pretrained_gmf", *test::chosen<Gmf>(kShort)), "");
  EXPECT_EQ(problem("pretrained_mlp", *test::chosen<Mlp>(kShort)), "");
  EXPECT_NE(problem("pretrained_gmf", *test::chosen<Mlp>(kShort)), "");
  EXPECT_NE(problem("pretrained_mlp", *test::chosen<Gmf>(kShort)), "");
  EXPECT_NE(problem("pretrained_gmf", *test::chosen<Gmf>(with(kShort, "factors", 4))), "");
  EXPECT_NE(problem("pretrained_mlp", *test::chosen<Mlp>(with(kShort, "factors", 4))), "");
  EXPECT_NE(problem("pretrained_mlp", *test::chosen<Mlp>(with(kShort, "layers", 2))), "");
  EXPECT_NE(problem("pretrained_gmf", *test::chosen<NeuMf>(kShort)), "");
  const auto other_tower = test::chosen<NeuMf>(with(kShort, "tower_factors", 4));
  EXPECT_EQ(other_tower->obstacle_to_reference("pretrained_mlp", *test::chosen<Mlp>(with(kShort, "factors", 4))), "");
  EXPECT_THAT(other_tower->obstacle_to_reference("pretrained_mlp", *test::chosen<Mlp>(kShort)),
              testing::HasSubstr("\"factors\": 4 and \"layers\": 3"));
}

// With weights of 1, no bias yet and a step so small, the log odds are dot products.
TEST(NeuralCf, GmfMayStartAsMatrixFactorisation) {
  const TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  const auto model = trained<Gmf>(with(with(kShort, "learning_rate", 1e-12), "initial_product_weight", 1), data);
  const NeuralCfState& state = dynamic_cast<const Gmf&>(*model).state();
  const auto scores = test::all_scores(*model, data);
  for (int64_t pair = 0; pair < 31 * 33; ++pair) {
    const float* p = state.users.data() + 3 * (pair / 33);
    const float* q = state.items.data() + 3 * (pair % 33);
    const float expected = p[0] * q[0] + p[1] * q[1] + p[2] * q[2];
    ASSERT_NEAR(scores[static_cast<std::size_t>(pair)], expected, 1e-8f + 1e-5f * std::abs(expected));
  }
}

TEST(NeuralCf, GoesOnFromAnEarlierModelWithNewUsersAndItems) {
  const TrainingData before(test::random_ratings(31, 33, 0.3, test::random_seed()));
  auto grown = before.ratings;
  grown.user_count += 2;
  grown.item_count += 3;
  const TrainingData after(grown);
  const Choices still = with(kShort, "learning_rate", 1e-12);
  const auto initial = trained<Mlp>(with(kShort, "learning_rate", 0.05), before);
  const auto model = trained<Mlp>(still, after, initial.get());
  const auto old_scores = test::all_scores(*initial, before), scores = test::all_scores(*model, after);
  for (int32_t user = 0; user < 31; ++user) {
    for (int32_t item = 0; item < 33; ++item) {
      const float expected = old_scores[static_cast<std::size_t>(user * 33 + item)];
      ASSERT_NEAR(scores[static_cast<std::size_t>(user * 36 + item)], expected, 1e-5f * (1 + std::abs(expected)));
    }
  }
}

TEST(NeuralCf, DoesNotStartFromAnotherShapeOrType) {
  const TrainingData data(test::random_ratings(31, 33, 0.3, 1));
  const auto gmf = trained<Gmf>(kShort, data), mlp = trained<Mlp>(kShort, data);
  EXPECT_THROW(trained<Gmf>(with(kShort, "factors", 4), data, gmf.get()), Error);
  EXPECT_THROW(trained<Mlp>(with(kShort, "layers", 2), data, mlp.get()), Error);
  EXPECT_THROW(trained<Mlp>(kShort, data, gmf.get()), Error);
  EXPECT_THROW(trained<Gmf>(kShort, TrainingData(test::random_ratings(30, 33, 0.3, 1)), gmf.get()), Error);
}

// Noise: what is learnt of it by heart makes the held-out ratings less likely.
TEST(NeuralCf, EarlyStoppingKeepsTheNetworkOfTheBestEpoch) {
  const TrainingData data(test::random_ratings(61, 63, 0.2, test::random_seed()));
  const Choices choices = {{"factors", 16.0},       {"epochs", 60.0},          {"batch", 32.0},
                           {"learning_rate", 0.02}, {"validation_share", 0.2}, {"patience", 2.0}};
  const auto model = test::chosen<NeuMf>(choices);
  CurveMonitor monitor;
  ASSERT_TRUE(test::train(*model, data.input(1), 2, monitor));
  const auto& losses = monitor.curves["validation_log_loss"];
  ASSERT_LT(losses.size(), 60u);
  const auto best = std::ranges::min_element(losses) - losses.begin();
  EXPECT_EQ(best + 3, static_cast<int64_t>(losses.size())) << "two epochs of patience";
  const auto until_best = test::chosen<NeuMf>(with(choices, "epochs", static_cast<double>(best + 1)));
  test::train(*until_best, data.input(1));
  EXPECT_TRUE(test::saved_bytes(*model) == test::saved_bytes(*until_best));
}

TEST(NeuralCf, TheValidationLossIsThatOfTheRatingsHeldOut) {
  const TrainingData data(test::checkerboard(64, 72, false));
  Choices choices = with(kShort, "epochs", 30);
  choices["learning_rate"] = 0.01;
  choices["validation_share"] = 0.1;
  choices["patience"] = 30.0;
  const auto model = test::chosen<Gmf>(choices);
  CurveMonitor monitor;
  ASSERT_TRUE(test::train(*model, data.input(test::random_seed()), 2, monitor));
  const auto &validation = monitor.curves["validation_log_loss"], &running = monitor.curves["running_log_loss"];
  ASSERT_EQ(validation.size(), running.size());
  EXPECT_LT(validation.front(), std::log(2.0) + 0.01);
  EXPECT_LT(validation.back(), 0.8 * validation.front());
  EXPECT_NE(validation.back(), running.back());
}

TEST(NeuralCf, DivergenceNamesEpochValueAndRemedy) {
  const TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  const auto error_of = [](const auto& train) {
    try {
      train();
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kDiverged);
      return std::string(error.what());
    }
    return std::string("no error");
  };
  Choices choices = with(with(kShort, "epochs", 30), "learning_rate", 1000);
  const auto expected =
      testing::ContainsRegex("is -?(nan|inf|[0-9.e+]+) in epoch [0-9]+; lower learning_rate, which is 1000");
  for (const char* optimizer : {"adam", "sgd"}) {
    choices["optimizer"] = std::string(optimizer);
    EXPECT_THAT(error_of([&] { trained<Gmf>(choices, data); }), expected) << optimizer;
    EXPECT_THAT(error_of([&] { trained<NeuMf>(choices, data); }), expected) << optimizer;
  }
  choices["optimizer"] = std::string("adam");  // by the other all ReLUs of a tower may end dead before it is far
  EXPECT_THAT(error_of([&] { trained<Mlp>(choices, data); }), expected);
}

TEST(NeuralCf, RegularizationKeepsVectorsShort) {
  const TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  const Choices choices = with(with(kShort, "learning_rate", 0.05), "epochs", 20);
  const auto squares = [&](double penalty) {
    const auto model = trained<Gmf>(with(choices, "regularization", penalty), data);
    double sum = 0;
    for (const float number : dynamic_cast<const Gmf&>(*model).state().users.span()) sum += double{number} * number;
    return sum;
  };
  EXPECT_LT(squares(0.5), 0.5 * squares(0));
}

}  // namespace
}  // namespace matinee::engine
