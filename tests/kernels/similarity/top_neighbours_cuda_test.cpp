#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>

#include <gtest/gtest.h>

#include "kernels/similarity/gram_recipe.h"
#include "kernels/similarity/top_neighbours.h"
#include "kernels/support/error.h"
#include "tests/support/cuda_device.h"
#include "tests/support/neighbours_found.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::similarity {
namespace {

using test::find_neighbours;
using test::Found;
using test::random_ratings;

engine::SparseRatings items_of(const engine::Ratings& ratings) {
  return engine::transposed(engine::by_user(ratings));
}

struct Search {
  int64_t memory = 0;  // bytes of the device; 0: all
  int32_t rows_per_call = INT32_MAX;
  int32_t rows = INT32_MAX;  // the first so many
};

Found found_on_cuda(const engine::SparseRatings& rows, const Options& options, const Search& search = {},
                    SearchWay way = SearchWay::kPanels) {
  Context context(test::cuda_device(), 2, search.memory);
  return find_neighbours(context, rows, options, search.rows_per_call, way, search.rows);
}

Found found_by_products(const engine::SparseRatings& rows, const Options& options, const Search& search = {}) {
  return found_on_cuda(rows, options, search, SearchWay::kProducts);
}

Found found_on_cpu(const engine::SparseRatings& rows, const Options& options, int32_t wanted = INT32_MAX) {
  Context context(Device{}, 2);
  return find_neighbours(context, rows, options, INT32_MAX, SearchWay::kCheapest, wanted);
}

// Whether these sums can be had from products of 8-bit matrices.
bool has_products(const Options& options) {
  return !options.iuf && !(options.kind == Kind::kAdjustedCosine && options.norms == Norms::kCorated);
}

using Parameters = std::tuple<Kind, Norms, bool, bool>;  // kind, norms, iuf, keep_negative

class TopNeighboursCuda : public testing::TestWithParam<Parameters> {
 protected:
  void SetUp() override { MATINEE_NEEDS_CUDA(); }

  static Options options() {
    const auto [kind, norms, iuf, keep_negative] = GetParam();
    return {.kind = kind, .norms = norms, .neighbours = 7, .iuf = iuf, .keep_negative = keep_negative};
  }
};

INSTANTIATE_TEST_SUITE_P(Kinds, TopNeighboursCuda,
                         testing::Combine(testing::Values(Kind::kCosine, Kind::kBinaryCosine, Kind::kAdjustedCosine,
                                                          Kind::kPearson, Kind::kJaccard),
                                          testing::Values(Norms::kAll, Norms::kCorated), testing::Bool(),
                                          testing::Bool()));

TEST_P(TopNeighboursCuda, AreThoseOfTheCpuOnOddShapes) {
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : {std::pair{1, 1}, {1, 31}, {33, 1}, {31, 33}, {131, 65}, {9, 300}}) {
    for (const double density : {0.05, 0.5, 1.0}) {
      const auto rows = items_of(random_ratings(users, items, density, ++seed));
      ASSERT_TRUE(found_on_cuda(rows, options()) == find_neighbours(rows, options()))
          << users << " users, " << items << " items, density " << density;
    }
  }
}

TEST_P(TopNeighboursCuda, ByProductsAreThoseOfTheCpuOnOddShapes) {
  if (!has_products(options())) {
    EXPECT_THROW(found_by_products(items_of(random_ratings(3, 3, 1, 1)), options()), Error);
    return;
  }
  uint64_t seed = test::random_seed() + 100;
  for (const auto& [users, items] : {std::pair{1, 1}, {1, 31}, {33, 1}, {131, 65}, {9, 300}}) {
    const auto rows = items_of(random_ratings(users, items, 0.4, ++seed));
    ASSERT_TRUE(found_by_products(rows, options()) == find_neighbours(rows, options()))
        << users << " users, " << items << " items";
  }
}

// Levels of two digits, where the kind allows them; rows in passes that start anywhere; lists of two splits merged.
TEST_P(TopNeighboursCuda, ByProductsOfManyTilesAndGreatLevelsAreThoseOfTheCpu) {
  if (!has_products(options())) return;
  auto ratings = random_ratings(9, 2200, 0.1, test::random_seed());
  const bool one_digit = sums_of(options().kind, options().norms) == SumSet::kMoments;
  for (auto& level : ratings.levels) level = static_cast<uint8_t>(level * (one_digit ? 12 : 25));
  const auto rows = items_of(ratings);
  const Search search{.rows_per_call = 101, .rows = 250};
  EXPECT_TRUE(found_by_products(rows, options(), search) == found_on_cpu(rows, options(), search.rows));
}

TEST_P(TopNeighboursCuda, OfColumnsWithWeightsAreThoseOfTheCpu) {
  Options chosen = options();
  chosen.own_weights = true;
  const auto rows = items_of(random_ratings(131, 65, 0.3, test::random_seed()));
  EXPECT_TRUE(found_on_cuda(rows, chosen) == find_neighbours(rows, chosen));
}

TEST_P(TopNeighboursCuda, OfUsersAreThoseOfTheCpu) {
  const auto rows = engine::by_user(random_ratings(163, 131, 0.2, test::random_seed()));
  EXPECT_TRUE(found_on_cuda(rows, options()) == find_neighbours(rows, options()));
}

TEST_P(TopNeighboursCuda, RespectShrinkAndMinCommon) {
  Options chosen = options();
  chosen.shrink = 3.5;
  chosen.min_common = 3;
  chosen.neighbours = 100;
  const auto rows = items_of(random_ratings(31, 133, 0.25, test::random_seed()));
  EXPECT_TRUE(found_on_cuda(rows, chosen) == find_neighbours(rows, chosen));
}

TEST_P(TopNeighboursCuda, OfRowsLongerThanABlockStagesAreThoseOfTheCpu) {
  const auto rows = items_of(random_ratings(701, 35, 0.8, test::random_seed()));
  const Search search{.rows = 9};
  EXPECT_TRUE(found_on_cuda(rows, options(), search) == found_on_cpu(rows, options(), search.rows));
}

TEST_P(TopNeighboursCuda, OfSumsBeyondThirtyTwoBitsAreThoseOfTheCpu) {
  auto ratings = random_ratings(40000, 3, 0.9, test::random_seed());
  for (auto& level : ratings.levels) level = static_cast<uint8_t>(level * 25 + 5);  // up to 255
  const auto rows = items_of(ratings);
  EXPECT_TRUE(found_on_cuda(rows, options()) == find_neighbours(rows, options()));
}

// More tiles than a block compares, so that lists of several splits are merged.
TEST_P(TopNeighboursCuda, OfManyTilesAreThoseOfTheCpu) {
  const auto rows = items_of(random_ratings(7, 2200, 0.1, test::random_seed()));
  const Search search{.rows_per_call = 130, .rows = 150};
  EXPECT_TRUE(found_on_cuda(rows, options(), search) == found_on_cpu(rows, options(), search.rows));
}

// Tiles in several groups, rows in several passes.
TEST_P(TopNeighboursCuda, AreTheSameWithLittleMemory) {
  const auto rows = items_of(random_ratings(61, 601, 0.05, test::random_seed()));
  constexpr int32_t kWanted = 90;
  const Found expected = found_on_cpu(rows, options(), kWanted);
  const int64_t least = least_device_bytes(rows.rows, rows.columns, rows.size(), options());
  for (const int64_t bytes : {int64_t{300} << 10, int64_t{100} << 10, least}) {
    EXPECT_TRUE(found_on_cuda(rows, options(), {.memory = bytes, .rows = kWanted}) == expected) << bytes << " bytes";
  }
}

TEST_P(TopNeighboursCuda, OfListsLongerThanABlockHoldsAreThoseOfTheCpu) {
  Options all = options();
  all.neighbours = 1200;
  const auto rows = items_of(random_ratings(7, 1101, 0.2, test::random_seed()));
  const Search search{.rows = 21};
  EXPECT_TRUE(found_on_cuda(rows, all, search) == found_on_cpu(rows, all, search.rows));
}

TEST(TopNeighboursCudaTies, GoToTheSmallerIndex) {
  MATINEE_NEEDS_CUDA();
  engine::Ratings ratings = random_ratings(1, 2200, 0.7, 1);
  std::fill(ratings.levels.begin(), ratings.levels.end(), uint8_t{7});
  const auto rows = items_of(ratings);
  const Options options{.kind = Kind::kCosine, .neighbours = 1000};
  const Search search{.rows = 100};
  EXPECT_TRUE(found_on_cuda(rows, options, search) == found_on_cpu(rows, options, search.rows));
}

TEST(TopNeighboursCudaShapes, NoRowsAndNoRatingsAreNoFailure) {
  MATINEE_NEEDS_CUDA();
  EXPECT_TRUE(found_on_cuda({}, {}).counts.empty());
  engine::Ratings none;
  none.user_count = 3;
  none.item_count = 5;
  EXPECT_EQ(found_on_cuda(items_of(none), {.kind = Kind::kPearson}).counts, std::vector<int32_t>(5, 0));
}

TEST(TopNeighboursCudaShapes, LevelZeroIsARating) {
  MATINEE_NEEDS_CUDA();
  auto ratings = random_ratings(31, 40, 0.4, test::random_seed());
  for (auto& level : ratings.levels) level = static_cast<uint8_t>(level - 1);
  const auto rows = items_of(ratings);
  for (const Kind kind : {Kind::kJaccard, Kind::kPearson, Kind::kCosine}) {
    const Options options{.kind = kind, .norms = Norms::kCorated, .neighbours = 20};
    EXPECT_TRUE(found_on_cuda(rows, options) == find_neighbours(rows, options));
  }
}

TEST(TopNeighboursCudaWays, LongListsByProductsAreThoseOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const auto rows = items_of(random_ratings(9, 1101, 0.2, test::random_seed()));
  const Options options{.kind = Kind::kPearson, .neighbours = 1200};
  const Search search{.rows = 21};
  EXPECT_TRUE(found_by_products(rows, options, search) == found_on_cpu(rows, options, search.rows));
}

// More columns than one product of 32-bit sums may take in.
TEST(TopNeighboursCudaWays, ProductsOfManyColumnsAddUp) {
  MATINEE_NEEDS_CUDA();
  ASSERT_GT(140000, columns_per_product(128));
  auto ratings = random_ratings(140000, 2, 1, test::random_seed());
  for (auto& level : ratings.levels) level = static_cast<uint8_t>(128 + level % 2);  // low digits of -128 and -127
  const auto rows = items_of(ratings);
  EXPECT_TRUE(found_by_products(rows, {}) == find_neighbours(rows, {}));
}

TEST(TopNeighboursCudaWays, TheCheaperOneIsTakenAndSaid) {
  MATINEE_NEEDS_CUDA();
  const auto chosen = [](double density) {
    const auto rows = items_of(random_ratings(300, 300, density, test::random_seed()));
    const auto columns = engine::transposed(rows);
    Context context(test::cuda_device(), 2);
    return prepare_comparison(context, rows.view(), columns.view(), {}).way_reason;
  };
  EXPECT_EQ(chosen(0.9).substr(0, 24), "8-bit products by cuBLAS");
  EXPECT_EQ(chosen(0.01).substr(0, 16), "sums over panels");
}

TEST(TopNeighboursCudaErrors, SayHowMuchMemoryIsMissing) {
  MATINEE_NEEDS_CUDA();
  const auto rows = items_of(random_ratings(131, 901, 0.1, test::random_seed()));
  try {
    found_on_cuda(rows, {}, {.memory = 10'000});
    FAIL() << "ratings found room in 10 kB";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kMemory);
    EXPECT_NE(std::string(error.what()).find("10000 allowed"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace matinee::similarity
