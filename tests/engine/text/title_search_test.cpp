#include "engine/text/title_search.h"

#include <cmath>
#include <random>

#include <gmock/gmock.h>

#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<int32_t> order_of(const std::vector<MatchedDocument>& matches) {
  std::vector<int32_t> order;
  for (const MatchedDocument& match : matches) order.push_back(match.document);
  return order;
}

TEST(TitleSearch, LooksThroughTitlesYearsAndDirectors) {
  Catalogue catalogue;
  catalogue.titles = {"Postman, The (Postino, Il) (1994)", "", "Amélie"};
  catalogue.directors = {"Michael Radford|Massimo Troisi", "Nobody", ""};
  const auto words = searched_words(catalogue);
  ASSERT_EQ(words.size(), 3U);
  EXPECT_THAT(words[0],
              ElementsAre("the", "postman", "il", "postino", "1994", "michael", "radford", "massimo", "troisi"));
  EXPECT_THAT(words[1], ElementsAre("nobody"));
  EXPECT_THAT(words[2], ElementsAre("amelie"));
  catalogue.directors.clear();
  EXPECT_THAT(searched_words(catalogue)[1], IsEmpty());
}

TEST(TitleSearch, EqualScoresStandInTheOrderOfTheItems) {
  std::vector<MatchedDocument> matches = {{2, 1}, {5, 3}, {7, 1}, {9, 3}};
  rank_by_words(matches);
  EXPECT_THAT(order_of(matches), ElementsAre(5, 9, 2, 7));
}

TEST(TitleSearch, TasteAndWordsAreAddedAsTheFormulaSays) {
  std::mt19937_64 random(test::random_seed());
  std::normal_distribution<float> normal;
  for (const int64_t dimensions : {1, 3, 31, 33}) {
    constexpr int64_t kItems = 20, kUsers = 3;
    std::vector<float> items(static_cast<std::size_t>(kItems * dimensions)),
        users(static_cast<std::size_t>(kUsers * dimensions));
    for (float& value : items) value = normal(random);
    for (float& value : users) value = normal(random);
    std::fill_n(items.begin(), dimensions, 0.0F);  // item 0 has no vector
    const TasteVectors taste = {{users.data(), kUsers, dimensions, dimensions},
                                {items.data(), kItems, dimensions, dimensions}};
    std::vector<MatchedDocument> matches;
    for (int32_t item = 0; item < kItems; item += 2) matches.push_back({item, std::abs(normal(random))});
    double least = 1e9, best = 0;
    for (const MatchedDocument& match : matches) {
      least = std::min(least, match.score);
      best = std::max(best, match.score);
    }
    for (const double personal : {0.0, 0.3, 1.0}) {
      const auto scores = fused_scores(matches, taste, 1, personal);
      for (std::size_t n = 0; n < matches.size(); ++n) {
        double product = 0, user = 0, item = 0;
        for (int64_t k = 0; k < dimensions; ++k) {
          const double u = taste.users(1, k), i = taste.items(matches[n].document, k);
          product += u * i;
          user += u * u;
          item += i * i;
        }
        const double cosine = item == 0 ? 0 : product / std::sqrt(user) / std::sqrt(item);
        const double words = (matches[n].score - least) / (best - least);
        EXPECT_NEAR(scores[n], (1 - personal) * words + personal * cosine, 1e-12);
      }
    }
  }
}

TEST(TitleSearch, EqualMatchesAreOrderedByTasteAlone) {
  const std::vector<float> items = {0, 1, 1, 0, -1, 0}, users = {2, 0};
  const TasteVectors taste = {{users.data(), 1, 2, 2}, {items.data(), 3, 2, 2}};
  std::vector<MatchedDocument> matches = {{0, 5}, {1, 5}, {2, 5}};
  rank_by_taste(matches, taste, 0, 0.3);
  EXPECT_THAT(order_of(matches), ElementsAre(1, 0, 2));
  EXPECT_NEAR(matches[0].score, 1, 1e-15);
  EXPECT_NEAR(matches[2].score, 0.4, 1e-15);
  std::vector<MatchedDocument> none;
  rank_by_taste(none, taste, 0, 0.3);
  EXPECT_THAT(none, IsEmpty());
}

}  // namespace
}  // namespace matinee::engine
