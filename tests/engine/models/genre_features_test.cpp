#include "engine/models/genre_features.h"

#include <set>

#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"
#include "tests/support/training_data.h"

namespace matinee::engine {
namespace {

using test::TrainingData;

// Each item has up to three of five genres, and some have none.
Catalogue random_genres(int32_t items, uint64_t seed) {
  const Philox draws(seed, stream_id(RandomStream::kSynthetic, 9));
  Catalogue catalogue;
  for (int32_t item = 0; item < items; ++item) {
    std::string joined;
    for (uint64_t genre = 0; genre < 5; ++genre) {
      if (draws.uniform(static_cast<uint64_t>(item) * 5 + genre) > 0.3) continue;
      if (!joined.empty()) joined += '|';
      joined += static_cast<char>('E' - genre);
    }
    catalogue.genres.push_back(joined);
  }
  return catalogue;
}

struct Mean {
  double sum = 0, count = 0;
  void add(double value) {
    sum += value;
    ++count;
  }
};

// (2 × genres) features of one user by the definition; empty: nothing is known of the user.
std::vector<double> naive_features(const TrainingData& data, const Catalogue& catalogue,
                                   const std::vector<std::string>& names, int32_t user, GenreScale scale) {
  const RatingGrid& grid = data.ratings.grid;
  std::vector<Mean> of_genre(names.size());
  Mean all;
  double mentions = 0;
  for (std::size_t n = 0; n < data.ratings.users.size(); ++n) {
    const std::string& joined = catalogue.genres[static_cast<std::size_t>(data.ratings.items[n])];
    if (data.ratings.users[n] != user || joined.empty()) continue;
    const double rating = grid.value(data.ratings.levels[n]);
    all.add(rating);
    for (std::size_t genre = 0; genre < names.size(); ++genre) {
      if (joined.find(names[genre]) == std::string::npos) continue;
      of_genre[genre].add(rating);
      ++mentions;
    }
  }
  if (mentions == 0) return {};
  const double mean = all.sum / all.count, range = grid.maximum() - grid.minimum();
  std::vector<double> features;
  for (const Mean& genre : of_genre) {
    const double value = genre.count > 0 ? genre.sum / genre.count : mean;
    features.push_back((value - (scale == GenreScale::kCentred ? mean : grid.minimum())) / range);
  }
  for (const Mean& genre : of_genre) features.push_back(genre.count / mentions);
  return features;
}

TEST(ItemGenres, AreNumberedByNameAndNoneStandsTwice) {
  Catalogue catalogue;
  catalogue.genres = {"War|Drama", "", "Drama|Drama", "Film-Noir||War"};
  const ItemGenres genres(catalogue);
  EXPECT_EQ(genres.names, (std::vector<std::string>{"Drama", "Film-Noir", "War"}));
  EXPECT_EQ(genres.offsets, (std::vector<int64_t>{0, 2, 2, 3, 5}));
  EXPECT_EQ(genres.genres, (std::vector<int32_t>{0, 2, 0, 1, 2}));
}

TEST(GenreFeatures, AreThoseOfTheDefinition) {
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : {std::pair{1, 1}, {31, 33}, {131, 17}, {5, 131}}) {
    for (const GenreScale scale : {GenreScale::kCentred, GenreScale::kRange}) {
      const TrainingData data(test::random_ratings(users, items, 0.2, ++seed));
      const Catalogue catalogue = random_genres(items, seed);
      const ItemGenres genres(catalogue);
      Context context({}, 2);
      const GenreFeatures features = genre_features(context, data.by_user.view(), data.ratings.grid, genres, scale);
      std::vector<std::vector<double>> expected;
      std::vector<Mean> means(static_cast<std::size_t>(2 * genres.count()));
      for (int32_t user = 0; user < users; ++user) {
        expected.push_back(naive_features(data, catalogue, genres.names, user, scale));
        for (std::size_t n = 0; n < expected.back().size(); ++n) means[n].add(expected.back()[n]);
      }
      for (int32_t user = 0; user < users; ++user) {
        const auto& of_user = expected[static_cast<std::size_t>(user)];
        EXPECT_EQ(features.known[static_cast<std::size_t>(user)] != 0, !of_user.empty());
        for (std::size_t n = 0; n < means.size(); ++n) {
          const double wanted = of_user.empty() ? (means[n].count > 0 ? means[n].sum / means[n].count : 0) : of_user[n];
          EXPECT_NEAR(features.view()(static_cast<int64_t>(n), user), wanted, 1e-6) << "user " << user << ", row " << n;
        }
      }
    }
  }
}

TEST(GenreFeatures, AreTheSameBytesForAnyNumberOfThreads) {
  const TrainingData data(test::random_ratings(331, 47, 0.1, test::random_seed()));
  const ItemGenres genres(data.catalogue);
  Context one({}, 1), three({}, 3);
  EXPECT_EQ(genre_features(one, data.by_user.view(), data.ratings.grid, genres, GenreScale::kRange).values,
            genre_features(three, data.by_user.view(), data.ratings.grid, genres, GenreScale::kRange).values);
}

TEST(GenreFeatures, RefuseGenresOfOtherItems) {
  const TrainingData data(test::random_ratings(3, 5, 1, 1));
  Catalogue catalogue;
  catalogue.genres = {"Drama"};
  Context context({}, 1);
  EXPECT_THROW(
      genre_features(context, data.by_user.view(), data.ratings.grid, ItemGenres(catalogue), GenreScale::kCentred),
      Error);
}

}  // namespace
}  // namespace matinee::engine
