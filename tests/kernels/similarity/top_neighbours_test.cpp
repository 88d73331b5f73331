#include "kernels/similarity/top_neighbours.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/naive_similarity.h"
#include "tests/support/neighbours_found.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::similarity {
namespace {

using test::find_neighbours;
using test::Found;
using test::random_ratings;

constexpr double kTolerance = 2e-6;  // of a float near 1
constexpr double kZero = 1e-12;      // what rounding leaves in the reference where the exact sums give 0

engine::SparseRatings items_of(const engine::Ratings& ratings) {
  return engine::transposed(engine::by_user(ratings));
}

int maximum_level(const engine::SparseRatings& ratings) {
  int maximum = 1;
  for (const uint8_t level : ratings.levels) maximum = std::max<int>(maximum, level);
  return maximum;
}

// Each list falls, holds nothing twice, has the similarities of the definition, and no row that was left out is better
// than its last.
void expect_as_defined(const engine::SparseRatings& rows, const Options& options, const Found& found) {
  const auto expected = test::naive_similarities(rows, options, 1.0 / residual_scale(maximum_level(rows)));
  const auto count = static_cast<std::size_t>(rows.rows), width = static_cast<std::size_t>(options.neighbours);
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<double> left(expected.begin() + static_cast<std::ptrdiff_t>(i * count),
                             expected.begin() + static_cast<std::ptrdiff_t>((i + 1) * count));
    const auto filled = static_cast<std::size_t>(found.counts[i]);
    ASSERT_LE(filled, width);
    for (std::size_t place = 0; place < filled; ++place) {
      const int32_t j = found.indices[i * width + place];
      const float similarity = found.similarities[i * width + place];
      ASSERT_TRUE(j >= 0 && j < rows.rows && static_cast<std::size_t>(j) != i) << "row " << i << ", neighbour " << j;
      ASSERT_NEAR(similarity, left[static_cast<std::size_t>(j)], kTolerance) << "rows " << i << " and " << j;
      ASSERT_NE(similarity, 0);
      if (place > 0) {
        const float before = found.similarities[i * width + place - 1];
        ASSERT_TRUE(before > similarity || (before == similarity && found.indices[i * width + place - 1] < j));
      }
      left[static_cast<std::size_t>(j)] = 0;
    }
    const double worst = filled == width ? found.similarities[i * width + width - 1] : 0;
    for (std::size_t j = 0; j < count; ++j) {
      const bool negative_left_out = left[j] < 0 && !options.keep_negative;
      if (std::abs(left[j]) < kZero || negative_left_out) continue;
      ASSERT_TRUE(filled == width || std::abs(left[j]) < kTolerance) << "rows " << i << " and " << j;
      ASSERT_LE(left[j], worst + kTolerance) << "rows " << i << " and " << j;
    }
  }
}

using Parameters = std::tuple<Kind, Norms, bool, bool>;  // kind, norms, iuf, keep_negative

class TopNeighbours : public testing::TestWithParam<Parameters> {
 protected:
  static Options options() {
    const auto [kind, norms, iuf, keep_negative] = GetParam();
    return {.kind = kind, .norms = norms, .neighbours = 7, .iuf = iuf, .keep_negative = keep_negative};
  }
};

INSTANTIATE_TEST_SUITE_P(Kinds, TopNeighbours,
                         testing::Combine(testing::Values(Kind::kCosine, Kind::kBinaryCosine, Kind::kAdjustedCosine,
                                                          Kind::kPearson, Kind::kJaccard),
                                          testing::Values(Norms::kAll, Norms::kCorated), testing::Bool(),
                                          testing::Bool()));

TEST_P(TopNeighbours, AreThoseOfTheDefinitionOnOddShapes) {
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : {std::pair{1, 1}, {1, 31}, {33, 1}, {31, 33}, {131, 65}, {9, 300}}) {
    for (const double density : {0.05, 0.5, 1.0}) {
      const auto rows = items_of(random_ratings(users, items, density, ++seed));
      SCOPED_TRACE(std::to_string(users) + " users, " + std::to_string(items) + " items");
      expect_as_defined(rows, options(), find_neighbours(rows, options()));
    }
  }
}

TEST_P(TopNeighbours, OfColumnsWithWeightsAreThoseOfTheDefinition) {
  Options chosen = options();
  chosen.own_weights = true;
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : {std::pair{1, 31}, {31, 33}, {131, 65}}) {
    const auto rows = items_of(random_ratings(users, items, 0.4, ++seed));
    SCOPED_TRACE(std::to_string(users) + " users, " + std::to_string(items) + " items");
    const Found found = find_neighbours(rows, chosen);
    expect_as_defined(rows, chosen, found);
    EXPECT_TRUE(found == find_neighbours(rows, chosen, 3, 31));
  }
}

TEST_P(TopNeighbours, OfUsersAreThoseOfTheDefinition) {
  const auto rows = engine::by_user(random_ratings(33, 31, 0.3, test::random_seed()));
  expect_as_defined(rows, options(), find_neighbours(rows, options()));
}

TEST_P(TopNeighbours, RespectShrinkAndMinCommon) {
  Options chosen = options();
  chosen.shrink = 3.5;
  chosen.min_common = 3;
  chosen.neighbours = 100;
  const auto rows = items_of(random_ratings(31, 33, 0.25, test::random_seed()));
  expect_as_defined(rows, chosen, find_neighbours(rows, chosen));
}

TEST_P(TopNeighbours, OfRowsTooLongForOneWordAreThoseOfTheDefinition) {
  const auto ratings = [] {
    auto fine = random_ratings(40000, 3, 0.9, test::random_seed());
    for (auto& level : fine.levels) level = static_cast<uint8_t>(level * 25);  // to 250: fields of words fill early
    return fine;
  }();
  const auto rows = items_of(ratings);
  expect_as_defined(rows, options(), find_neighbours(rows, options()));
}

TEST_P(TopNeighbours, AreTheSameForAnyNumberOfThreadsAndRowsPerCall) {
  const auto rows = items_of(random_ratings(131, 301, 0.2, test::random_seed()));
  const Found one = find_neighbours(rows, options(), 1);
  for (const int threads : {2, 3, 8}) EXPECT_TRUE(one == find_neighbours(rows, options(), threads)) << threads;
  EXPECT_TRUE(one == find_neighbours(rows, options(), 2, 31));
}

TEST_P(TopNeighbours, SeeTheSameSimilarityFromBothSides) {
  Options all = options();
  const auto rows = items_of(random_ratings(65, 33, 0.4, test::random_seed()));
  all.neighbours = rows.rows;
  const Found found = find_neighbours(rows, all);
  std::vector<float> matrix(static_cast<std::size_t>(rows.rows) * static_cast<std::size_t>(rows.rows));
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows.rows); ++i) {
    for (std::size_t place = 0; place < static_cast<std::size_t>(found.counts[i]); ++place) {
      const std::size_t entry = i * static_cast<std::size_t>(rows.rows);
      matrix[entry + static_cast<std::size_t>(found.indices[entry + place])] = found.similarities[entry + place];
    }
  }
  for (std::size_t i = 0; i < static_cast<std::size_t>(rows.rows); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      EXPECT_EQ(matrix[i * static_cast<std::size_t>(rows.rows) + j],
                matrix[j * static_cast<std::size_t>(rows.rows) + i]);
    }
  }
}

TEST_P(TopNeighbours, AreTheBestOfAllSimilaritiesOfTheirRows) {
  Options all = options();
  all.keep_negative = true;
  all.shrink = 1.5;
  uint64_t seed = test::random_seed();
  for (const auto& [users, count] : {std::pair{1, 1}, {31, 33}, {65, 600}}) {
    const auto rows = items_of(random_ratings(users, count, 0.2, ++seed));
    const auto columns = engine::transposed(rows);
    all.neighbours = count;
    const Found found = find_neighbours(rows, all);
    const auto size = static_cast<std::size_t>(count);
    std::vector<float> expected(size * size), similarities(size * size, -2);
    for (std::size_t i = 0; i < size; ++i) {
      for (std::size_t n = 0; n < static_cast<std::size_t>(found.counts[i]); ++n) {
        expected[i * size + static_cast<std::size_t>(found.indices[i * size + n])] = found.similarities[i * size + n];
      }
    }
    for (const int threads : {1, 3}) {
      Context context(Device{}, threads);
      const auto comparison = prepare_comparison(context, rows.view(), columns.view(), all);
      for (int32_t first = 0; first < count; first += 200) {
        similarity_rows(context, comparison, first,
                        {similarities.data() + int64_t{first} * count, std::min(200, count - first), count, count});
      }
      for (std::size_t i = 0; i < size; ++i) similarities[i * size + i] = 0;  // undefined
      EXPECT_TRUE(similarities == expected) << users << " users, " << count << " items";
    }
  }
}

TEST(TopNeighboursTies, GoToTheSmallerIndex) {
  // 300 items that the same two users rated alike: all pairs tie, across several blocks of work.
  engine::Ratings ratings = random_ratings(2, 300, 1, 1);
  std::fill(ratings.levels.begin(), ratings.levels.end(), uint8_t{7});
  const auto rows = items_of(ratings);
  const Found found = find_neighbours(rows, {.kind = Kind::kCosine, .neighbours = 3});
  const auto list = [&](std::size_t row) {
    return std::vector<int32_t>(found.indices.begin() + static_cast<std::ptrdiff_t>(3 * row),
                                found.indices.begin() + static_cast<std::ptrdiff_t>(3 * row + 3));
  };
  EXPECT_EQ(list(0), (std::vector<int32_t>{1, 2, 3}));
  EXPECT_EQ(list(1), (std::vector<int32_t>{0, 2, 3}));
  EXPECT_EQ(list(299), (std::vector<int32_t>{0, 1, 2}));
  EXPECT_FLOAT_EQ(found.similarities[0], 1);
}

TEST(TopNeighboursCold, RowsWithoutRatingsHaveNoneAndAreNobodys) {
  engine::Ratings ratings = random_ratings(31, 33, 0.6, test::random_seed());
  ratings.item_count = 40;
  const Found found = find_neighbours(items_of(ratings), {.kind = Kind::kJaccard, .neighbours = 50});
  for (std::size_t row = 33; row < 40; ++row) EXPECT_EQ(found.counts[row], 0);
  for (const int32_t index : found.indices) EXPECT_LT(index, 33);
}

TEST(TopNeighboursShapes, NoRowsAndNoRatingsAreNoFailure) {
  EXPECT_TRUE(find_neighbours({}, {}).counts.empty());
  engine::Ratings none;
  none.user_count = 3;
  none.item_count = 5;
  EXPECT_EQ(find_neighbours(items_of(none), {.kind = Kind::kPearson}).counts, std::vector<int32_t>(5, 0));
}

TEST(TopNeighboursErrors, RefuseWeightsThatDoNotFit) {
  const auto rows = items_of(random_ratings(5, 7, 0.5, 1));
  const auto columns = engine::transposed(rows);
  Context context(Device{}, 1);
  const auto prepare = [&](bool wanted, const std::vector<double>& weights) {
    prepare_comparison(context, rows.view(), columns.view(), {.own_weights = wanted}, SearchWay::kCheapest, weights);
  };
  EXPECT_NO_THROW(prepare(true, std::vector<double>(5, 0.5)));
  EXPECT_THROW(prepare(true, std::vector<double>(4, 0.5)), Error);
  EXPECT_THROW(prepare(false, std::vector<double>(5, 0.5)), Error);
  EXPECT_THROW(prepare(true, {0.5, 1, 0, 1, 1}), Error);
  EXPECT_THROW(prepare(true, {0.5, 1, std::nan(""), 1, 1}), Error);
  EXPECT_THROW(prepare(true, {0.5, 1, 1.5, 1, 1}), Error);
}

TEST(TopNeighboursErrors, NameWhatIsWrong) {
  const auto rows = items_of(random_ratings(5, 7, 0.5, 1));
  const auto kind_of = [&](const Options& options, SparseView columns) {
    Context context(Device{}, 1);
    try {
      prepare_comparison(context, rows.view(), columns, options);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::kLocked;
  };
  const auto columns = engine::transposed(rows);
  EXPECT_EQ(kind_of({}, rows.view()), ErrorKind::kInput);
  EXPECT_EQ(kind_of({.neighbours = 0}, columns.view()), ErrorKind::kConfig);
  EXPECT_EQ(kind_of({.shrink = -1}, columns.view()), ErrorKind::kConfig);
  EXPECT_EQ(kind_of({.shrink = std::nan("")}, columns.view()), ErrorKind::kConfig);
  EXPECT_EQ(kind_of({.min_common = 0}, columns.view()), ErrorKind::kConfig);
}

TEST(ResidualScale, KeepsResidualsWithinSixteenBits) {
  EXPECT_EQ(residual_scale(10), 2048);
  for (int level = 1; level <= 255; ++level) {
    EXPECT_LE(level * residual_scale(level), INT16_MAX);
    EXPECT_GT(2 * level * residual_scale(level), INT16_MAX - 2 * level);
  }
}

}  // namespace
}  // namespace matinee::similarity
