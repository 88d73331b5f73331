#include "engine/text/interest_texts.h"

#include <gmock/gmock.h>

#include "engine/text/nearest_rows.h"

namespace matinee::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Catalogue catalogue() {
  Catalogue movies;
  movies.titles = {"Matrix, The (1999)", "", "Bound (1996)", "Heat (1995)"};
  movies.directors = {"Lana Wachowski|Lilly Wachowski", "Nobody", "Lilly Wachowski", ""};
  return movies;
}

SparseRatings ratings() {
  Ratings ratings;
  ratings.user_count = 3;
  ratings.item_count = 4;
  ratings.grid = {0.5, 1, 10};
  ratings.users = {0, 0, 0, 1, 1};
  ratings.items = {0, 2, 3, 1, 3};
  ratings.levels = {10, 7, 8, 10, 2};
  return by_user(ratings);
}

TEST(InterestTexts, AreTitlesOfDirectorsMoviesAndWhatUsersLiked) {
  const SparseRatings rated = ratings();
  const InterestTexts texts = interest_texts(catalogue(), rated.view(), {0.5, 1, 10}, 4.0);
  EXPECT_THAT(texts.directors, ElementsAre("Lana Wachowski", "Lilly Wachowski"));
  EXPECT_THAT(texts.director_texts, ElementsAre("The Matrix", "The Matrix\nBound"));
  EXPECT_THAT(texts.movie_texts, ElementsAre("The Matrix", "", "Bound", "Heat"));
  EXPECT_THAT(texts.user_texts, ElementsAre("The Matrix\nHeat", "", ""));
}

TEST(InterestTexts, WithoutAThresholdWhateverWasRatedWasLiked) {
  const SparseRatings rated = ratings();
  const InterestTexts texts = interest_texts(catalogue(), rated.view(), {0.5, 1, 10}, std::nullopt);
  EXPECT_THAT(texts.user_texts, ElementsAre("The Matrix\nBound\nHeat", "Heat", ""));
}

TEST(InterestTexts, NobodyDirectsWhereNoDirectorsAreKnown) {
  Catalogue movies = catalogue();
  movies.directors.clear();
  const SparseRatings rated = ratings();
  EXPECT_THAT(interest_texts(movies, rated.view(), {0.5, 1, 10}, 4.0).directors, IsEmpty());
}

TEST(NearestRows, AreThoseOfTheHighestCosine) {
  const std::vector<float> numbers = {2, 0, /**/ 1, 1, /**/ 0, 0, /**/ 5, 0, /**/ -1, 0, /**/ 9, 9};
  const MatrixView<const float> rows = {numbers.data(), 6, 2, 2};
  const auto nearest = nearest_rows(rows, 0, 9);
  ASSERT_EQ(nearest.size(), 5);
  const std::vector<int64_t> expected = {3, 1, 5, 2, 4};
  const std::vector<double> cosines = {1, std::sqrt(0.5), std::sqrt(0.5), 0, -1};
  for (std::size_t rank = 0; rank < 5; ++rank) {
    EXPECT_EQ(nearest[rank].row, expected[rank]);
    EXPECT_FLOAT_EQ(nearest[rank].similarity, static_cast<float>(cosines[rank]));
  }
  EXPECT_EQ(nearest_rows(rows, 0, 1, 4).at(0).row, 5);
  EXPECT_THAT(nearest_rows(rows, 0, 0), IsEmpty());
}

}  // namespace
}  // namespace matinee::engine
