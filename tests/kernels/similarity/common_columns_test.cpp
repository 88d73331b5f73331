#include "kernels/similarity/common_columns.h"

#include <vector>

#include <gtest/gtest.h>

#include "engine/data/ratings.h"
#include "kernels/support/error.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::similarity {
namespace {

std::vector<float> counts_of(const test::TrainingData& data, const std::vector<int32_t>& chosen, int threads) {
  Context context({}, threads);
  const auto size = static_cast<int64_t>(chosen.size());
  std::vector<float> counts(static_cast<std::size_t>(size * size), -1);
  common_columns(context, data.by_item.view(), data.by_user.view(), chosen, {counts.data(), size, size, size});
  return counts;
}

TEST(CommonColumns, AreThoseOfADenseMatrix) {
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : {std::pair{1, 1}, {1, 31}, {33, 1}, {131, 33}, {9, 131}}) {
    for (const double density : {0.0, 0.3, 1.0}) {
      const test::TrainingData data(test::random_ratings(users, items, density, ++seed));
      std::vector<bool> rated(static_cast<std::size_t>(users * items));
      for (std::size_t n = 0; n < data.ratings.users.size(); ++n) {
        rated[static_cast<std::size_t>(data.ratings.users[n] * items + data.ratings.items[n])] = true;
      }
      for (const int step : {1, 3}) {
        std::vector<int32_t> chosen;
        for (int32_t item = step - 1; item < items; item += step) chosen.push_back(item);
        const std::vector<float> counts = counts_of(data, chosen, 2);
        for (std::size_t i = 0; i < chosen.size(); ++i) {
          for (std::size_t j = 0; j < chosen.size(); ++j) {
            float expected = j > i ? -1 : 0;
            for (int user = 0; user < users && j <= i; ++user) {
              const auto row = static_cast<std::size_t>(user * items);
              expected +=
                  rated[row + static_cast<std::size_t>(chosen[i])] && rated[row + static_cast<std::size_t>(chosen[j])];
            }
            ASSERT_EQ(counts[i * chosen.size() + j], expected) << i << ' ' << j;
          }
        }
        EXPECT_TRUE(counts == counts_of(data, chosen, 3));
      }
    }
  }
}

TEST(CommonColumns, RefuseWhatDoesNotFit) {
  const test::TrainingData data(test::random_ratings(5, 7, 0.5, 1));
  for (const std::vector<int32_t>& chosen : std::vector<std::vector<int32_t>>{{3, 2}, {2, 2}, {-1, 2}, {2, 7}}) {
    EXPECT_THROW(counts_of(data, chosen, 1), Error);
  }
  Context context({}, 1);
  std::vector<float> counts(4);
  EXPECT_THROW(common_columns(context, data.by_item.view(), data.by_item.view(), {}, {counts.data(), 0, 0, 0}), Error);
}

}  // namespace
}  // namespace matinee::similarity
