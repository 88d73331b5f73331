#include "kernels/similarity/weight_scores.h"

#include <vector>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/cuda_device.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::similarity {
namespace {

struct Problem {
  test::TrainingData data;
  std::vector<int32_t> items, users;
  std::vector<float> numbers;

  Problem(int32_t user_count, int32_t item_count, int32_t step, uint64_t seed)
      : data(test::random_ratings(user_count, item_count, 0.3, seed)) {
    for (int32_t item = step - 1; item < item_count; item += step) items.push_back(item);
    for (int32_t user = user_count; user >= 0; --user) users.push_back(user);  // the first is unknown
    const Philox draws(seed, 2);
    numbers.resize(items.size() * items.size());
    for (std::size_t n = 0; n < numbers.size(); ++n) numbers[n] = static_cast<float>(normal(draws, n));
  }
  ItemWeights weights() const {
    const auto size = static_cast<int64_t>(items.size());
    return {items, {numbers.data(), size, size, size}};
  }
  std::vector<float> scores(Device device, int threads = 2) const {
    Context context(device, threads);
    const int32_t columns = data.by_user.columns;
    std::vector<float> scores(users.size() * static_cast<std::size_t>(columns), -1);
    score_by_weights(context, weights(), data.by_user.view(), users,
                     {scores.data(), static_cast<int64_t>(users.size()), columns, columns});
    return scores;
  }
};

constexpr std::pair<int32_t, int32_t> kShapes[] = {{1, 1}, {31, 33}, {33, 1}, {17, 131}, {5, 600}};

TEST(WeightScores, AreSumsOfTheRowsOfRatedItems) {
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : kShapes) {
    for (const int32_t step : {1, 2}) {
      const Problem problem(users, items, step, ++seed);
      const std::vector<float> scores = problem.scores(Device{});
      std::vector<double> expected(scores.size());
      const auto columns = static_cast<std::size_t>(items);
      for (std::size_t row = 0; row < problem.users.size(); ++row) {
        for (std::size_t n = 0; n < problem.data.ratings.users.size(); ++n) {
          if (problem.data.ratings.users[n] != problem.users[row]) continue;
          for (std::size_t l = 0; l < problem.items.size(); ++l) {
            if (problem.items[l] != problem.data.ratings.items[n]) continue;
            for (std::size_t k = 0; k < problem.items.size(); ++k) {
              expected[row * columns + static_cast<std::size_t>(problem.items[k])] +=
                  static_cast<double>(problem.numbers[l * problem.items.size() + k]);
            }
          }
        }
      }
      for (std::size_t n = 0; n < scores.size(); ++n) ASSERT_NEAR(scores[n], expected[n], 1e-3) << n;
      EXPECT_TRUE(scores == problem.scores(Device{}, 3));
    }
  }
}

TEST(WeightScores, AreTheSameBitsOnCuda) {
  MATINEE_NEEDS_CUDA();
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : kShapes) {
    for (const int32_t step : {1, 2, 700}) {
      const Problem problem(users, items, step, ++seed);
      EXPECT_TRUE(problem.scores(Device{}) == problem.scores(test::cuda_device())) << users << " × " << items;
    }
  }
}

TEST(WeightScores, RefuseWhatDoesNotFit) {
  Problem problem(5, 7, 1, 1);
  problem.items[3] = problem.items[4];
  EXPECT_THROW(problem.scores(Device{}), Error);
  problem.items[3] = 3;
  problem.items.back() = 7;
  EXPECT_THROW(problem.scores(Device{}), Error);
}

}  // namespace
}  // namespace matinee::similarity
