#include "engine/models/item_similarity.h"

#include <algorithm>
#include <cmath>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/model_tools.h"
#include "tests/support/naive_similarity.h"
#include "tests/support/random_seed.h"
#include "tests/support/tensor_surgery.h"

namespace matinee::engine {
namespace {

using test::Choices;
using test::TrainingData;

constexpr int32_t kUsers = 33, kItems = 31;
constexpr double kNone = -1;

// Ratings as a dense matrix (users × items), kNone where there is none.
std::vector<double> dense(const Ratings& ratings) {
  std::vector<double> matrix(static_cast<std::size_t>(kUsers * kItems), kNone);
  for (std::size_t n = 0; n < ratings.users.size(); ++n) {
    matrix[static_cast<std::size_t>(ratings.users[n] * kItems + ratings.items[n])] =
        ratings.grid.value(ratings.levels[n]);
  }
  return matrix;
}

// Cosines of the axis; all rows are neighbours.
std::vector<double> weights(const TrainingData& data, bool of_items, bool normalized) {
  auto matrix = test::naive_similarities(of_items ? data.by_item : data.by_user, {}, 1);
  const std::size_t rows = of_items ? kItems : kUsers;
  for (std::size_t row = 0; normalized && row < rows; ++row) {
    double greatest = 0;
    for (std::size_t n = 0; n < rows; ++n) greatest = std::max(greatest, matrix[row * rows + n]);
    for (std::size_t n = 0; greatest > 0 && n < rows; ++n) matrix[row * rows + n] /= greatest;
  }
  return matrix;
}

void expect_scores(const Choices& choices, bool of_items, bool normalized, bool binary) {
  const TrainingData data(test::random_ratings(kUsers, kItems, 0.3, test::random_seed()));
  const auto model = test::chosen<ItemSimilarity>(choices);
  test::train(*model, data.input(1));
  const auto scores = test::all_scores(*model, data);
  const auto ratings = dense(data.ratings);
  const auto similar = weights(data, of_items, normalized);
  const auto rating = [&](int user, int item) { return ratings[static_cast<std::size_t>(user * kItems + item)]; };
  for (int user = 0; user < kUsers; ++user) {
    for (int item = 0; item < kItems; ++item) {
      double expected = 0;
      for (int other = 0; other < (of_items ? kItems : kUsers); ++other) {
        const double value = of_items ? rating(user, other) : rating(other, item);
        const int row = of_items ? item : user, rows = of_items ? kItems : kUsers;
        if (value != kNone) expected += similar[static_cast<std::size_t>(row * rows + other)] * (binary ? 1 : value);
      }
      ASSERT_NEAR(scores[static_cast<std::size_t>(user * kItems + item)], expected, 1e-4) << user << ' ' << item;
    }
  }
}

TEST(ItemSimilarity, ScoresAreWeightedSumsOverNeighbours) {
  expect_scores({{"neighbours", 100.0}}, true, false, false);
  expect_scores({{"neighbours", 100.0}, {"normalize_rows", true}}, true, true, false);
  expect_scores({{"neighbours", 100.0}, {"feedback", "binary"}}, true, false, true);
  expect_scores({{"neighbours", 100.0}, {"axis", "users"}}, false, false, false);
  expect_scores({{"neighbours", 100.0}, {"axis", "users"}, {"normalize_rows", true}}, false, true, false);
}

void expect_predictions(bool of_items) {
  const TrainingData data(test::random_ratings(kUsers, kItems, 0.3, test::random_seed()));
  const auto model = test::chosen<ItemSimilarity>({{"neighbours", 100.0}, {"axis", of_items ? "items" : "users"}});
  test::train(*model, data.input(1));
  const auto ratings = dense(data.ratings);
  const auto similar = weights(data, of_items, false);
  const int rows = of_items ? kItems : kUsers, columns = of_items ? kUsers : kItems;
  const auto rating = [&](int row, int column) {
    return ratings[static_cast<std::size_t>(of_items ? column * kItems + row : row * kItems + column)];
  };
  std::vector<double> means(static_cast<std::size_t>(rows));
  for (int row = 0; row < rows; ++row) {
    double sum = 0, count = 0, all = 0;
    for (int column = 0; column < columns; ++column) {
      if (rating(row, column) == kNone) continue;
      sum += rating(row, column);
      ++count;
    }
    for (const uint8_t level : data.ratings.levels) all += data.ratings.grid.value(level);
    means[static_cast<std::size_t>(row)] = count > 0 ? sum / count : all / static_cast<double>(data.ratings.size());
  }
  Context context({}, 2);
  for (int32_t row = 0; row < rows; ++row) {
    for (int32_t column = 0; column < columns; ++column) {
      double above = 0, total = 0;
      for (int other = 0; other < rows; ++other) {
        if (rating(other, column) == kNone) continue;
        const double weight = similar[static_cast<std::size_t>(row * rows + other)];
        above += weight * (rating(other, column) - means[static_cast<std::size_t>(other)]);
        total += std::abs(weight);
      }
      const double expected = means[static_cast<std::size_t>(row)] + (total > 0 ? above / total : 0);
      const int32_t user = of_items ? column : row, item = of_items ? row : column;
      float predicted = 0;
      model->predict(context, data.history(), std::span(&user, 1), std::span(&item, 1), std::span(&predicted, 1));
      ASSERT_NEAR(predicted, expected, 1e-4) << user << ' ' << item;
    }
  }
}

TEST(ItemSimilarity, PredictsTheMeanMovedByWhatNeighboursAreAboveTheirs) {
  expect_predictions(true);
  expect_predictions(false);
}

TEST(ItemSimilarity, KnowsNoSimilarItemsWhereItComparesUsers) {
  const TrainingData data(test::random_ratings(kUsers, kItems, 0.3, 1));
  const auto model = test::chosen<ItemSimilarity>({{"axis", "users"}});
  test::train(*model, data.input(1));
  EXPECT_TRUE(model->similar_items(0, 10).empty());
}

// Damages one tensor of a saved model and expects the file to be refused.
template <typename T>
void expect_refused(std::string_view tensor, std::size_t place, T value) {
  const TrainingData data(test::random_ratings(kUsers, kItems, 0.3, 1));
  const auto model = test::chosen<ItemSimilarity>({});
  test::train(*model, data.input(1));
  auto parts = test::TensorParts::of(test::saved_bytes(*model));
  for (auto& part : parts.tensors) {
    if (part.name == tensor)
      part.data.replace(place * sizeof(T), sizeof(T), reinterpret_cast<char*>(&value), sizeof(T));
  }
  try {
    ItemSimilarity fresh;
    test::load_bytes(fresh, parts.bytes());
    ADD_FAILURE() << tensor << " with " << value << " was taken";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kArtifact) << error.what();
  }
}

TEST(ItemSimilarity, RefusesListsThatPointOutside) {
  expect_refused<int32_t>("neighbour_indices", 3, kItems);
  expect_refused<int32_t>("neighbour_indices", 0, -1);
  expect_refused<int64_t>("neighbour_offsets", 0, 1);
  expect_refused<int64_t>("neighbour_offsets", 1, -1);
  expect_refused<int64_t>("neighbour_offsets", kItems, 1 << 20);
  expect_refused<float>("similarities", 0, std::nanf(""));
  expect_refused<float>("means", 0, INFINITY);
}

TEST(ItemSimilarity, RefusesSimilaritiesOfTheOtherAxis) {
  const TrainingData data(test::random_ratings(kItems, kItems, 0.3, 1));
  const auto model = test::chosen<ItemSimilarity>({});
  test::train(*model, data.input(1));
  const auto of_users = test::chosen<ItemSimilarity>({{"axis", "users"}});
  EXPECT_THROW(test::load_bytes(*of_users, test::saved_bytes(*model)), Error);
}

}  // namespace
}  // namespace matinee::engine
