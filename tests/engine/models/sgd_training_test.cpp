#include "engine/models/sgd_training.h"

#include <array>
#include <cmath>
#include <numbers>

#include <gtest/gtest.h>

#include "engine/models/mf.h"
#include "engine/models/pmf.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using test::Choices;
using test::random_ratings;
using test::TrainingData;

constexpr uint64_t kSeed = 7;

std::unique_ptr<Model> lock_free(const std::string& type, const Choices& more = {}) {
  Choices choices = more;
  choices["updates"] = "lock_free";
  if (type == "pmf") return test::chosen<Pmf>(choices);
  choices["loss"] = type;
  return test::chosen<Mf>(choices);
}

constexpr std::array<const char*, 4> kTypes = {"squared", "logistic", "bpr", "pmf"};

TEST(LockFreeUpdates, AreToldOfAndOrderedOnesAreNot) {
  for (const char* type : kTypes) EXPECT_FALSE(lock_free(type)->deterministic());
  EXPECT_TRUE(Mf().deterministic());
  EXPECT_TRUE(Pmf().deterministic());
}

TEST(LockFreeUpdates, LearnTheCheckerboard) {
  const TrainingData data(test::checkerboard(64, 72, true));
  for (const char* type : {"squared", "pmf"}) {
    for (const char* storage : {"fp32", "bf16"}) {
      const auto model = lock_free(type, {{"storage", storage}});
      test::train(*model, data.input(kSeed), 4);
      const auto scores = test::all_scores(*model, data);
      for (int32_t user = 0; user < 64; ++user) {
        double sums[2] = {};
        for (int32_t item = 0; item < 72; ++item) {
          const double score = scores[static_cast<std::size_t>(user * 72 + item)];
          ASSERT_TRUE(std::isfinite(score));
          if (test::withheld(user, item)) sums[test::liked(user, item)] += score;
        }
        EXPECT_GT(sums[1], sums[0]) << type << ' ' << storage << " user " << user;
      }
    }
  }
}

TEST(LockFreeUpdates, GoOnFromACheckpoint) {
  const TrainingData data(random_ratings(131, 97, 0.5, test::random_seed()));
  for (const char* type : kTypes) {
    const auto stopped = lock_free(type, {{"epochs", 4.0}}), resumed = lock_free(type, {{"epochs", 4.0}});
    test::StoppingMonitor first(3), second(0, &first);
    ASSERT_FALSE(test::train(*stopped, data.input(kSeed), 3, first));
    ASSERT_TRUE(test::train(*resumed, data.input(kSeed), 3, second));
    for (const float score : test::all_scores(*resumed, data)) ASSERT_TRUE(std::isfinite(score)) << type;
  }
}

// Rounding to the nearest would lose most steps of bf16: its error stays far above.
TEST(HalfStorage, LearnsAsMuchAsFp32) {
  const TrainingData data(random_ratings(131, 97, 0.5, test::random_seed()));
  std::vector<double> errors;
  for (const char* storage : {"fp32", "fp16", "bf16"}) {
    const auto model =
        test::chosen<Mf>({{"storage", storage}, {"factors", 16.0}, {"learning_rate", 0.005}, {"epochs", 60.0}});
    test::train(*model, data.input(kSeed));
    std::vector<int32_t> users, items;
    std::vector<double> wanted;
    const SparseView rows = data.by_user.view();
    for (int32_t user = 0; user < rows.rows; ++user) {
      for (int64_t n = rows.offsets[user]; n < rows.offsets[user + 1]; ++n) {
        users.push_back(user);
        items.push_back(rows.indices[n]);
        wanted.push_back(data.ratings.grid.value(rows.levels[n]));
      }
    }
    std::vector<float> ratings(users.size());
    Context context({}, 2);
    model->predict(context, data.history(), users, items, ratings);
    double squares = 0;
    for (std::size_t n = 0; n < ratings.size(); ++n) squares += std::pow(wanted[n] - ratings[n], 2);
    errors.push_back(std::sqrt(squares / static_cast<double>(ratings.size())));
  }
  std::printf("training RMSE: fp32 %.4f, fp16 %.4f, bf16 %.4f\n", errors[0], errors[1], errors[2]);
  EXPECT_NEAR(errors[1], errors[0], 0.005 * errors[0]);
  EXPECT_NEAR(errors[2], errors[0], 0.03 * errors[0]);
}

}  // namespace
}  // namespace matinee::engine
