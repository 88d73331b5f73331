#include "engine/models/clusters.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "engine/models/cluster_profiles.h"
#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/chosen_parameters.h"
#include "tests/support/cuda_device.h"
#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using test::TrainingData;

std::vector<int32_t> random_clusters(int32_t users, int64_t count, uint64_t seed) {
  const Philox draws(seed, stream_id(RandomStream::kSynthetic, 3));
  std::vector<int32_t> clusters;
  for (int32_t user = 0; user < users; ++user) {
    clusters.push_back(static_cast<int32_t>(draws.below(static_cast<uint64_t>(user), static_cast<uint64_t>(count))));
  }
  return clusters;
}

double bayesian(double prior, double expected, double sum, double count) {
  return (prior * expected + sum) / (prior + count);
}

TEST(ClusterMeans, AreThoseOfTheDefinition) {
  uint64_t seed = test::random_seed();
  constexpr double kPrior = 3.5;
  for (const auto& [users, items] : {std::pair{1, 1}, {31, 33}, {131, 17}, {3, 131}}) {
    for (const double density : {0.0, 0.3, 1.0}) {
      const TrainingData data(test::random_ratings(users, items, density, ++seed));
      const auto clusters = random_clusters(users, 3, seed);
      Context context({}, 2);
      const auto means = cluster_means(context, data.by_item.view(), data.ratings.grid, clusters, 3, kPrior);
      const Ratings& ratings = data.ratings;
      double all = 0;
      for (const uint8_t level : ratings.levels) all += ratings.grid.value(level);
      const double overall = ratings.levels.empty() ? (ratings.grid.minimum() + ratings.grid.maximum()) / 2
                                                    : all / static_cast<double>(ratings.levels.size());
      for (int32_t item = 0; item < items; ++item) {
        double sum = 0, count = 0, sums[3] = {}, counts[3] = {};
        for (std::size_t n = 0; n < ratings.items.size(); ++n) {
          if (ratings.items[n] != item) continue;
          const int32_t cluster = clusters[static_cast<std::size_t>(ratings.users[n])];
          sum += ratings.grid.value(ratings.levels[n]);
          sums[cluster] += ratings.grid.value(ratings.levels[n]);
          ++count;
          ++counts[cluster];
        }
        const double expected = bayesian(kPrior, overall, sum, count);
        for (int cluster = 0; cluster < 3; ++cluster) {
          EXPECT_NEAR(means[static_cast<std::size_t>(cluster * items + item)],
                      bayesian(kPrior, expected, sums[cluster], counts[cluster]), 1e-6);
        }
      }
    }
  }
}

TEST(ClusterProfiles, AddUpToAllUsersAndToOne) {
  const TrainingData data(test::random_ratings(61, 31, 0.4, test::random_seed()));
  UserClusters clusters;
  clusters.clusters = random_clusters(61, 4, test::random_seed());
  const ItemGenres genres(data.catalogue);
  set_profiles(data.by_user.view(), data.ratings.grid, genres, 5, clusters);  // nobody is in the last one
  int64_t users = 0;
  for (const int64_t size : clusters.sizes) users += size;
  EXPECT_EQ(users, 61);
  EXPECT_EQ(clusters.sizes[4], 0);
  for (std::size_t cluster = 0; cluster < 5; ++cluster) {
    double shares = 0;
    for (std::size_t genre = 0; genre < 3; ++genre) {
      shares += clusters.rating_shares[cluster * 3 + genre];
      double sum = 0, count = 0;
      for (std::size_t n = 0; n < data.ratings.users.size(); ++n) {
        const auto& joined = data.catalogue.genres[static_cast<std::size_t>(data.ratings.items[n])];
        if (clusters.clusters[static_cast<std::size_t>(data.ratings.users[n])] != static_cast<int32_t>(cluster))
          continue;
        if (joined.find(clusters.genres[genre]) == std::string::npos) continue;
        sum += data.ratings.grid.value(data.ratings.levels[n]);
        ++count;
      }
      EXPECT_NEAR(clusters.mean_ratings[cluster * 3 + genre], count > 0 ? sum / count : 0, 1e-12);
    }
    EXPECT_NEAR(shares, clusters.sizes[cluster] > 0 && shares > 0 ? 1 : 0, 1e-12);
  }
}

TEST(Clusters, OfTheCheckerboardAreItsTwoGroups) {
  const TrainingData data(test::checkerboard(32, 36, true));
  const auto model = test::chosen<Clusters>({{"clusters", 2.0}});
  test::train(*model, data.input(3));
  const UserClusters& found = *model->user_clusters();
  ASSERT_EQ(found.clusters.size(), 32);
  for (std::size_t user = 0; user < 32; ++user) EXPECT_EQ(found.clusters[user], found.clusters[user % 2]);
  EXPECT_NE(found.clusters[0], found.clusters[1]);
  EXPECT_THAT(found.sizes, testing::ElementsAre(16, 16));
}

TEST(Clusters, AreNoMoreThanUsersWithRatings) {
  Ratings ratings = test::random_ratings(5, 31, 0.9, test::random_seed());
  ratings.user_count = 9;
  const TrainingData data(std::move(ratings));
  Clusters model;
  test::train(model, data.input(1));
  EXPECT_LE(model.user_clusters()->count(), 5);
  EXPECT_EQ(model.user_clusters()->clusters.size(), 9);
}

TEST(Clusters, SayWhatToDoWithoutGenres) {
  const TrainingData data(test::random_ratings(5, 31, 0.9, 1));
  TrainingInput input = data.input(1);
  Catalogue none;
  none.genres.resize(31);
  input.catalogue = &none;
  Clusters model;
  try {
    test::train(model, input);
    FAIL() << "trained without genres";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kInput);
    EXPECT_THAT(error.what(), testing::HasSubstr("dataset.titles"));
  }
}

TEST(ClustersCuda, HaveTheBytesOfTheCpu) {
  MATINEE_NEEDS_CUDA();
  const TrainingData data(test::random_ratings(231, 47, 0.2, test::random_seed()));
  const auto on_cpu = test::chosen<Clusters>({{"clusters", 9.0}}),
             on_cuda = test::chosen<Clusters>({{"clusters", 9.0}});
  Context cpu({}, 2), cuda(test::cuda_device(), 2);
  SilentMonitor silent;
  on_cpu->train(cpu, data.input(5), silent);
  on_cuda->train(cuda, data.input(5), silent);
  EXPECT_TRUE(test::saved_bytes(*on_cuda) == test::saved_bytes(*on_cpu));
}

}  // namespace
}  // namespace matinee::engine
