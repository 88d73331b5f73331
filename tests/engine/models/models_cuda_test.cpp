#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/evaluation/evaluate.h"
#include "engine/models/item_similarity.h"
#include "engine/models/mf.h"
#include "engine/models/pmf.h"
#include "engine/models/registry.h"
#include "kernels/support/keep_operands.h"
#include "tests/engine/evaluation/random_evaluation.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/cuda_device.h"
#include "tests/support/fusion_problem.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using test::Choices;
using test::TrainingData;

struct Named {
  std::string name;
  Choices choices;
};

const std::vector<Named>& similarity_models() {
  static const std::vector<Named> models = {
      {"plain", {}},
      {"users", {{"axis", std::string("users")}, {"neighbours", 9.0}}},
      {"pearson",
       {{"similarity", std::string("pearson")}, {"keep_negative", true}, {"normalize_rows", true}, {"shrink", 2.5}}},
      {"adjusted",
       {{"similarity", std::string("adjusted_cosine")}, {"iuf", true}, {"feedback", std::string("binary")}}},
  };
  return models;
}

void train_on(Device device, Model& model, const TrainingInput& input) {
  Context context(device, 2);
  SilentMonitor monitor;
  model.train(context, input, monitor);
}

std::vector<float> scores_on(Device device, const Model& model, const TrainingData& data,
                             std::span<const int32_t> users) {
  Context context(device, 2);
  const int32_t items = data.by_user.columns;
  std::vector<float> scores(users.size() * static_cast<std::size_t>(items), -1);
  model.score(context, data.history(), users, {scores.data(), static_cast<int64_t>(users.size()), items, items});
  return scores;
}

std::vector<float> predictions_on(Device device, const Model& model, const TrainingData& data) {
  Context context(device, 2);
  std::vector<int32_t> users, items;
  for (int32_t user = 0; user < data.by_user.rows; ++user) {
    for (int32_t item = user % 3; item < data.by_user.columns; item += 3) {
      users.push_back(user);
      items.push_back(item);
    }
  }
  std::vector<float> ratings(users.size());
  model.predict(context, data.history(), users, items, ratings);
  return ratings;
}

TEST(ModelsOnCuda, ItemSimilarityTrainsTheSameBytes) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(61, 151, 0.15, test::random_seed()));
  for (const Named& named : similarity_models()) {
    const auto cpu = test::chosen<ItemSimilarity>(named.choices), cuda = test::chosen<ItemSimilarity>(named.choices);
    train_on(Device{}, *cpu, data.input(1));
    train_on(test::cuda_device(), *cuda, data.input(1));
    EXPECT_TRUE(test::saved_bytes(*cpu) == test::saved_bytes(*cuda)) << named.name;
  }
}

template <typename M>
void expect_same_training(const Choices& choices, const TrainingData& data) {
  const auto cpu = test::chosen<M>(choices), cuda = test::chosen<M>(choices);
  train_on(Device{}, *cpu, data.input(1));
  train_on(test::cuda_device(), *cuda, data.input(1));
  EXPECT_TRUE(test::saved_bytes(*cpu) == test::saved_bytes(*cuda)) << cpu->type();
}

TEST(ModelsOnCuda, FactorizationTrainsTheSameBytes) {
  MATINEE_NEEDS_CUDA();
  Ratings ratings = test::random_ratings(131, 151, 0.4, test::random_seed());
  ratings.user_count += 2;  // without ratings
  ratings.item_count += 1;
  const TrainingData data(ratings);
  expect_same_training<Mf>({{"factors", 33.0}, {"epochs", 3.0}}, data);
  expect_same_training<Mf>({{"factors", 131.0}, {"epochs", 2.0}, {"biases", false}}, data);
  expect_same_training<Mf>({{"factors", 8.0}, {"epochs", 4.0}, {"validation_share", 0.2}, {"patience", 1.0}}, data);
  for (const char* loss : {"logistic", "bpr"}) {
    expect_same_training<Mf>({{"factors", 17.0}, {"epochs", 2.0}, {"loss", std::string(loss)}}, data);
  }
  expect_same_training<Pmf>({{"factors", 31.0}, {"epochs", 3.0}}, data);
  expect_same_training<Pmf>({{"factors", 31.0}, {"epochs", 4.0}, {"adaptive_priors", true}}, data);
  expect_same_training<Pmf>(
      {{"factors", 1.0}, {"epochs", 3.0}, {"link", std::string("logistic")}, {"learning_rate", 0.5}}, data);
}

// A checkpoint of one device is as good on the other.
TEST(ModelsOnCuda, FactorizationResumesAcrossDevices) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(131, 151, 0.6, test::random_seed()));
  const Choices choices = {{"factors", 9.0}, {"epochs", 2.0}};
  const auto undisturbed = test::chosen<Pmf>(choices);
  train_on(Device{}, *undisturbed, data.input(1));
  const std::vector<std::pair<Device, Device>> ways = {
      {Device{}, test::cuda_device()}, {test::cuda_device(), Device{}}, {test::cuda_device(), test::cuda_device()}};
  for (const auto& [before, after] : ways) {
    for (const int64_t offer : {1, 2, 3}) {
      test::StoppingMonitor first(offer);
      const auto stopped = test::chosen<Pmf>(choices), resumed = test::chosen<Pmf>(choices);
      Context here(before, 2), there(after, 2);
      ASSERT_FALSE(test::train(*stopped, data.input(1), here, first));
      test::StoppingMonitor second(0, &first);
      ASSERT_TRUE(test::train(*resumed, data.input(1), there, second));
      EXPECT_TRUE(test::saved_bytes(*resumed) == test::saved_bytes(*undisturbed))
          << to_string(before) << " then " << to_string(after) << ", stopped at offer " << offer;
    }
  }
}

TEST(ModelsOnCuda, ItemSimilarityScoresAndPredictsTheSameBits) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(61, 131, 0.15, test::random_seed()));
  const std::vector<int32_t> users = {60, 0, 7, 7, 33};
  for (const Named& named : similarity_models()) {
    const auto model = test::chosen<ItemSimilarity>(named.choices);
    train_on(Device{}, *model, data.input(1));
    EXPECT_TRUE(scores_on(Device{}, *model, data, users) == scores_on(test::cuda_device(), *model, data, users))
        << named.name;
    EXPECT_TRUE(predictions_on(Device{}, *model, data) == predictions_on(test::cuda_device(), *model, data))
        << named.name;
  }
}

TEST(ModelsOnCuda, KnowsNewUsersAndItemsAsTheCpuDoes) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  auto grown = data.ratings;
  grown.user_count = 40;
  grown.item_count = 45;
  grown.users.push_back(39);
  grown.items.push_back(44);
  grown.levels.push_back(5);
  const TrainingData later(grown);
  for (const Named& named : similarity_models()) {
    const auto model = test::chosen<ItemSimilarity>(named.choices);
    train_on(Device{}, *model, data.input(1));
    const std::vector<int32_t> users = {39, 2, 35};
    EXPECT_TRUE(scores_on(Device{}, *model, later, users) == scores_on(test::cuda_device(), *model, later, users))
        << named.name;
    EXPECT_TRUE(predictions_on(Device{}, *model, later) == predictions_on(test::cuda_device(), *model, later))
        << named.name;
  }
}

TEST(ModelsOnCuda, HaveTheSameMetrics) {
  MATINEE_NEEDS_CUDA();
  const Fold fold = random_fold(45, 133, 0.3, test::random_seed());
  const SparseRatings by_item = transposed(fold.train);
  TrainingInput input;
  input.by_user = fold.train.view();
  input.by_item = by_item.view();
  input.grid = fold.test.grid;
  input.seed = 5;
  const auto similar = test::chosen<ItemSimilarity>({{"neighbours", 20.0}});
  const auto factors = test::chosen<Mf>({{"factors", 9.0}, {"epochs", 2.0}});
  for (Model* model : {similar.get(), factors.get()}) {
    train_on(Device{}, *model, input);
    for (const double sampled : {0.0, 9.0}) {
      EvaluationOptions options = every_metric();
      options.sampled_negatives = static_cast<int64_t>(sampled);
      const EvaluatedFold evaluated{model, &fold};
      Context cpu(Device{}, 2), cuda(test::cuda_device(), 2);
      expect_same(evaluate(cpu, std::span(&evaluated, 1), options, 42, nullptr),
                  evaluate(cuda, std::span(&evaluated, 1), options, 42, nullptr));
    }
  }
}

TEST(ModelsOnCuda, ReadTheirListsOnceWhileOperandsAreKept) {
  MATINEE_NEEDS_CUDA();
  TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  const auto model = test::chosen<ItemSimilarity>({});
  train_on(Device{}, *model, data.input(1));
  const std::vector<int32_t> users = {30, 4};
  Context cuda(test::cuda_device(), 2);
  const auto scores = [&] {
    std::vector<float> result(66);
    model->score(cuda, data.history(), users, {result.data(), 2, 33, 33});
    return result;
  };
  const std::vector<float> before = scores();
  {
    const KeepOperands kept(cuda);
    EXPECT_TRUE(scores() == before);
    for (auto& level : data.by_user.levels) ++level;
    EXPECT_TRUE(scores() == before) << "the ratings on the device are those of the first call";
  }
  EXPECT_FALSE(scores() == before) << "and are read again afterwards";
}

// What a model says of its CUDA sides must hold for every type.
TEST(ModelsOnCuda, ThatScoreThereLeaveTheirScoresThere) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(31, 33, 0.3, test::random_seed()));
  const std::vector<int32_t> users = {30, 4};
  for (const ModelType& type : model_types()) {
    const std::unique_ptr<Model> model =
        type.name == "fusion" ? std::make_unique<test::SelfContainedFusion>() : type.make();
    if (!model->scores_on_cuda()) continue;
    train_on(Device{}, *model, data.input(1));
    Context cuda(test::cuda_device(), 2);
    const DeviceMatrix there(cuda, 2, 33);
    model->score_on_device(cuda, data.history(), users, there);
    std::vector<float> scores(66);
    there.copy_to(cuda, {scores.data(), 2, 33, 33});
    EXPECT_TRUE(scores == scores_on(Device{}, *model, data, users)) << type.name;
  }
}

}  // namespace
}  // namespace matinee::engine
