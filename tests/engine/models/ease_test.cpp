#include "engine/models/ease.h"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>
#include <gmock/gmock.h>

#include "kernels/support/error.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/cuda_device.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using test::TrainingData;
using testing::AllOf;
using testing::HasSubstr;

constexpr double kL2 = 7.5;

// Who rated what, (users × items).
Eigen::MatrixXd binary(const TrainingData& data) {
  Eigen::MatrixXd x = Eigen::MatrixXd::Zero(data.by_user.rows, data.by_user.columns);
  for (std::size_t n = 0; n < data.ratings.users.size(); ++n) x(data.ratings.users[n], data.ratings.items[n]) = 1;
  return x;
}

// Steck 2019, equation 8.
Eigen::MatrixXd weights_by_definition(const Eigen::MatrixXd& x, double l2) {
  Eigen::MatrixXd gram = x.transpose() * x;
  gram.diagonal().array() += l2;
  const Eigen::MatrixXd p = gram.inverse();
  Eigen::MatrixXd b = p * (-p.diagonal().cwiseInverse()).asDiagonal();
  b.diagonal().setZero();
  return b;
}

std::unique_ptr<Model> trained(const TrainingData& data, const test::Choices& choices) {
  auto model = test::chosen<Ease>(choices);
  test::train(*model, data.input(1));
  return model;
}

void expect_scores(const Model& model, const TrainingData& data, const Eigen::MatrixXd& expected) {
  const std::vector<float> scores = test::all_scores(model, data);
  for (Eigen::Index user = 0; user < expected.rows(); ++user) {
    for (Eigen::Index item = 0; item < expected.cols(); ++item) {
      ASSERT_NEAR(scores[static_cast<std::size_t>(user * expected.cols() + item)], expected(user, item), 1e-4)
          << user << ' ' << item;
    }
  }
}

TEST(Ease, HasTheWeightsOfTheClosedForm) {
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : {std::pair{1, 1}, {31, 33}, {131, 31}, {67, 300}}) {
    const TrainingData data(test::random_ratings(users, items, 0.3, ++seed));
    const Eigen::MatrixXd x = binary(data), b = weights_by_definition(x, kL2);
    const auto model = trained(data, {{"l2", kL2}});
    expect_scores(*model, data, x * b);
    for (int32_t item = 0; item < items; ++item) {
      const std::vector<ScoredItem> similar = model->similar_items(item, items);
      for (std::size_t n = 0; n < similar.size(); ++n) {
        ASSERT_NEAR(similar[n].score, b(similar[n].item, item), 1e-5);
        ASSERT_GT(similar[n].score, 0);
      }
      const auto positive = (b.col(item).array() > 1e-5).count();
      ASSERT_GE(static_cast<Eigen::Index>(similar.size()), positive);
    }
  }
}

TEST(Ease, OfTheMostRatedItemsIsThatOfTheirRatingsAlone) {
  const TrainingData data(test::random_ratings(67, 31, 0.3, test::random_seed()));
  constexpr int64_t kMost = 11;
  std::vector<int32_t> items(31);
  for (int32_t item = 0; item < 31; ++item) items[static_cast<std::size_t>(item)] = item;
  std::ranges::stable_sort(items, std::greater<>(), [&](int32_t item) { return data.by_item.view().row_size(item); });
  Eigen::MatrixXd x = binary(data);
  for (std::size_t n = kMost; n < items.size(); ++n) x.col(items[n]).setZero();
  const auto model = trained(data, {{"l2", kL2}, {"most_items", static_cast<double>(kMost)}});
  expect_scores(*model, data, x * weights_by_definition(x, kL2));
  EXPECT_TRUE(model->similar_items(items.back(), 5).empty());
}

TEST(Ease, NeedsTheMemoryOfTheItemsThatHaveWeights) {
  const DataShape shape{1000, 20'000, 1'000'000};
  const auto all = test::chosen<Ease>({}), some = test::chosen<Ease>({{"most_items", 1000.0}});
  EXPECT_GE(all->host_bytes(shape), 2 * 20'000LL * 20'000 * 4);
  EXPECT_LT(some->host_bytes(shape), 40LL << 20);
  EXPECT_EQ(all->memory_remedy(), "most_items");
}

TEST(Ease, SaysWhatToDoWhereSinglePrecisionDoesNotSuffice) {
  Ratings ratings = test::random_ratings(4000, 3, 1, 1);  // three items that everybody has rated
  const TrainingData data(std::move(ratings));
  try {
    trained(data, {{"l2", 1e-6}});
    FAIL() << "inverted a matrix of rank 1";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_THAT(error.what(), AllOf(HasSubstr("l2 = 1e-06"), HasSubstr("Set l2 to a larger number")));
  }
}

TEST(Ease, TrainedOnTheCpuScoresTheSameBitsOnCuda) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(61, 131, 0.2, test::random_seed()));
  const auto model = trained(data, {{"l2", kL2}, {"most_items", 77.0}});
  const std::vector<int32_t> users = {60, 0, 7, 7};
  const auto scores_on = [&](Device device) {
    Context context(device, 2);
    std::vector<float> scores(users.size() * 131, -1);
    model->score(context, data.history(), users, {scores.data(), static_cast<int64_t>(users.size()), 131, 131});
    return scores;
  };
  EXPECT_TRUE(scores_on(Device{}) == scores_on(test::cuda_device()));
}

}  // namespace
}  // namespace matinee::engine
