#include "host/readers/synthetic.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <gtest/gtest.h>

#include "host/readers/duplicates.h"
#include "host/readers/read_dataset.h"
#include "host/readers/synthetic_taste.h"
#include "tests/support/random_seed.h"

namespace matinee::host {
namespace {

DatasetSpec synthetic(int64_t users, int64_t items, int64_t ratings, uint64_t seed) {
  DatasetSpec spec;
  spec.format = DatasetFormat::kSynthetic;
  spec.users = users;
  spec.items = items;
  spec.rating_count = ratings;
  spec.synthetic_seed = static_cast<int64_t>(seed >> 1);
  return spec;
}

engine::Dataset drawn(const DatasetSpec& spec, int threads = 2) {
  Context context({}, threads);
  return read_dataset(context, spec);
}

std::vector<int64_t> counts_of(const std::vector<int32_t>& column, int32_t size) {
  std::vector<int64_t> counts(static_cast<std::size_t>(size), 0);
  for (const int32_t index : column) ++counts[static_cast<std::size_t>(index)];
  return counts;
}

TEST(Synthetic, HoldsExactlyWhatIsAskedForWithoutDuplicates) {
  const std::array<int64_t, 3> shapes[] = {{1, 1, 1},     {33, 31, 33},       {33, 31, 33 * 31}, {131, 33, 4000},
                                           {1, 500, 400}, {2000, 700, 60000}, {1000, 1, 1000}};
  Context context({}, 2);
  for (const auto& [users, items, ratings] : shapes) {
    const auto dataset = drawn(synthetic(users, items, ratings, test::random_seed()));
    EXPECT_EQ(dataset.ratings.size(), ratings);
    EXPECT_EQ(dataset.users.size(), users);
    EXPECT_EQ(dataset.items.size(), items);
    EXPECT_EQ(dataset.users.id(0), "1");
    EXPECT_TRUE(find_duplicates(context, dataset.ratings).empty());
    const auto of_users = counts_of(dataset.ratings.users, dataset.ratings.user_count);
    EXPECT_GE(*std::min_element(of_users.begin(), of_users.end()), 1);
    for (std::size_t entry = 0; entry < dataset.ratings.users.size(); ++entry) {
      ASSERT_GE(dataset.ratings.levels[entry], dataset.ratings.grid.minimum_level);
      ASSERT_LE(dataset.ratings.levels[entry], dataset.ratings.grid.maximum_level);
      if (entry > 0 && dataset.ratings.users[entry] == dataset.ratings.users[entry - 1]) {
        ASSERT_GT(dataset.ratings.timestamps[entry], dataset.ratings.timestamps[entry - 1]);
      }
    }
  }
}

TEST(Synthetic, TheSeedDecidesAndTheThreadsDoNot) {
  const uint64_t seed = test::random_seed();
  const DatasetSpec spec = synthetic(1000, 300, 30000, seed);
  const auto one = drawn(spec, 1), three = drawn(spec, 3), other = drawn(synthetic(1000, 300, 30000, seed ^ 2), 3);
  EXPECT_EQ(one.ratings.users, three.ratings.users);
  EXPECT_EQ(one.ratings.items, three.ratings.items);
  EXPECT_EQ(one.ratings.levels, three.ratings.levels);
  EXPECT_EQ(one.ratings.timestamps, three.ratings.timestamps);
  EXPECT_NE(one.ratings.items, other.ratings.items);
}

TEST(Synthetic, AFewItemsHaveMostOfTheRatings) {
  const auto dataset = drawn(synthetic(3000, 2000, 100000, test::random_seed()));
  auto counts = counts_of(dataset.ratings.items, dataset.ratings.item_count);
  std::sort(counts.rbegin(), counts.rend());
  int64_t head = 0;
  for (std::size_t item = 0; item < 200; ++item) head += counts[item];
  EXPECT_GT(head, 40000);  // a tenth of the items; uniform would be 10000
  EXPECT_LT(head, 90000);
}

TEST(Synthetic, RatingsFollowTheTaste) {
  const uint64_t seed = 5;
  const auto dataset = drawn(synthetic(2000, 500, 50000, seed << 1));
  const SyntheticTaste taste(seed, 500);
  double sum = 0, sum_of_levels = 0, sum_of_products = 0, sum_of_squares = 0, sum_of_level_squares = 0;
  const auto size = static_cast<double>(dataset.ratings.size());
  for (std::size_t entry = 0; entry < dataset.ratings.users.size(); ++entry) {
    const double affinity =
        static_cast<double>(taste.affinity(taste.user(dataset.ratings.users[entry]), dataset.ratings.items[entry]));
    const double level = dataset.ratings.levels[entry];
    sum += affinity;
    sum_of_levels += level;
    sum_of_products += affinity * level;
    sum_of_squares += affinity * affinity;
    sum_of_level_squares += level * level;
  }
  const double covariance = sum_of_products - sum * sum_of_levels / size;
  const double correlation = covariance / std::sqrt((sum_of_squares - sum * sum / size) *
                                                    (sum_of_level_squares - sum_of_levels * sum_of_levels / size));
  EXPECT_GT(correlation, 0.5);
  EXPECT_GT(sum / size, 0.2);  // users rate what suits them
}

TEST(Synthetic, IdsOfAnEarlierRunKeepTheirIndices) {
  engine::IdMap users, items;
  users.insert("2");
  items.insert("gone");
  Context context({}, 2);
  const DatasetSpec spec = synthetic(3, 5, 9, 1);
  const auto dataset = read_dataset(context, spec, {&users, &items});
  EXPECT_EQ(dataset.users.id(0), "2");
  EXPECT_EQ(dataset.users.id(1), "1");
  EXPECT_EQ(dataset.ratings.users[0], 1);
  EXPECT_EQ(dataset.ratings.item_count, 6);
  EXPECT_GT(*std::min_element(dataset.ratings.items.begin(), dataset.ratings.items.end()), 0);
}

TEST(Synthetic, ItsShapeIsKnownWithoutDrawing) {
  Context context({}, 2);
  const auto predicted = predict_shape(context, synthetic(1'000'000, 50'000, 100'000'000, 1));
  EXPECT_TRUE(predicted.exact);
  EXPECT_EQ(predicted.shape.ratings, 100'000'000);
  EXPECT_TRUE(input_files(synthetic(1, 1, 1, 1)).empty());
}

}  // namespace
}  // namespace matinee::host
