#include "engine/models/user_activity.h"

#include <algorithm>
#include <cmath>

#include <gmock/gmock.h>

#include "engine/models/clusters.h"
#include "engine/models/fusion.h"
#include "engine/models/item_similarity.h"
#include "engine/models/most_popular.h"
#include "kernels/support/error.h"
#include "kernels/support/philox.h"
#include "tests/support/candidate_models.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using std::string;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<int32_t> random_clusters(int32_t users, uint64_t seed) {
  const Philox draws(seed, stream_id(RandomStream::kSynthetic, 3));
  std::vector<int32_t> clusters;
  for (int32_t user = 0; user < users; ++user) {
    clusters.push_back(static_cast<int32_t>(draws.below(static_cast<uint64_t>(user), 3)));
  }
  return clusters;
}

TEST(ActivityWeights, AreThoseOfTheDefinition) {
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : {std::pair{1, 1}, {31, 33}, {131, 17}, {3, 131}}) {
    for (const double density : {0.0, 0.3, 1.0}) {
      for (const double mix : {0.0, 0.2, 0.6, 1.0}) {
        const test::TrainingData data(test::random_ratings(users, items, density, ++seed));
        const auto clusters = random_clusters(users, seed);
        const auto weights = activity_weights(data.by_user.view(), clusters, mix);
        std::vector<double> counts(static_cast<std::size_t>(users));
        for (const int32_t user : data.ratings.users) ++counts[static_cast<std::size_t>(user)];
        const double greatest = std::max(1.0, *std::ranges::max_element(counts));
        ASSERT_EQ(weights.size(), counts.size());
        for (std::size_t user = 0; user < counts.size(); ++user) {
          double sum = 0, members = 0;
          for (std::size_t other = 0; other < counts.size(); ++other) {
            if (clusters[other] != clusters[user]) continue;
            sum += counts[other] / greatest;
            ++members;
          }
          const double activity = mix * sum / members + (1 - mix) * counts[user] / greatest;
          EXPECT_NEAR(weights[user], 1 / std::log(std::exp(1.0) + activity * greatest), 1e-12);
          EXPECT_TRUE(weights[user] > 0 && weights[user] <= 1);
        }
      }
    }
  }
}

TEST(ActivityWeights, RefuseClustersOfOtherUsers) {
  const test::TrainingData data(test::random_ratings(3, 5, 1, 1));
  EXPECT_THROW(activity_weights(data.by_user.view(), random_clusters(2, 1), 0.4), Error);
}

TEST(WeighNeighbours, OrdersEachListAgainTiesBySmallerNumber) {
  const std::vector<double> weights = {1, 0.5, 0.25, 1};
  const std::vector<int64_t> offsets = {0, 3, 3, 5};
  std::vector<int32_t> neighbours = {1, 2, 0, 3, 2};
  std::vector<float> similarities = {0.8f, 0.8f, 0.4f, -0.5f, -1.0f};
  weigh_neighbours(weights, offsets, neighbours, similarities);
  EXPECT_EQ(neighbours, (std::vector<int32_t>{0, 1, 2, 2, 3}));
  EXPECT_EQ(similarities, (std::vector<float>{0.4f, 0.4f, 0.2f, -0.25f, -0.5f}));
}

// With λ = 0 and one list long enough for all, an item similarity by activity is the one by definition.
TEST(ItemSimilarityByActivity, WeighsEachCommonUser) {
  const test::TrainingData data(test::random_ratings(33, 31, 0.4, test::random_seed()));
  const auto model = test::chosen<test::WeighedSimilarity>(
      {{"clusters", string("groups")}, {"mix", 0.6}, {"similarity", string("binary_cosine")}, {"neighbours", 100.0}});
  test::train(*model, data.input(3));
  TrainingInput input = data.input(3);
  Context context({}, 2);
  std::unique_ptr<Model> groups;
  test::add_groups(context, input, groups);
  const auto weights = activity_weights(data.by_user.view(), groups->user_clusters()->clusters, 0.6);
  const SparseView by_item = data.by_item.view();
  for (int32_t item = 0; item < 31; ++item) {
    for (const ScoredItem& similar : model->similar_items(item, 100)) {
      double sum = 0;
      for (const int32_t user : by_item.row_indices(item)) {
        const auto others = by_item.row_indices(similar.item);
        if (std::ranges::binary_search(others, user)) sum += weights[static_cast<std::size_t>(user)];
      }
      const double norm =
          std::sqrt(static_cast<double>(by_item.row_size(item)) * static_cast<double>(by_item.row_size(similar.item)));
      EXPECT_NEAR(similar.score, sum / norm, 2e-6);
    }
  }
}

TEST(ItemSimilarityByActivity, FusedWithNothingIsItself) {
  const test::TrainingData data(test::random_ratings(33, 31, 0.4, test::random_seed()));
  const auto weighed = test::chosen<test::WeighedSimilarity>({{"clusters", string("groups")}, {"mix", 0.6}});
  const auto content = test::chosen<ItemSimilarity>({{"similarity", string("jaccard")}});
  test::train(*weighed, data.input(3));
  test::train(*content, data.input(3));
  const auto loaded = test::chosen<ItemSimilarity>({{"clusters", string("groups")}, {"mix", 0.6}});
  test::load_bytes(*loaded, test::saved_bytes(*weighed));
  TrainingInput input = data.input(3);
  input.references = {{"cf", loaded.get()}, {"other", content.get()}};
  const auto fused =
      test::chosen<Fusion>({{"collaborative", string("cf")}, {"content", string("other")}, {"ratio", string("1:0")}});
  EXPECT_THAT(fused->obstacle_to_reference("collaborative", *loaded), IsEmpty());
  test::train(*fused, input);
  EXPECT_TRUE(test::all_scores(*fused, data) == test::all_scores(*weighed, data));
}

TEST(ItemSimilarityByActivity, OfUsersWeighsEachNeighbour) {
  const test::TrainingData data(test::random_ratings(33, 31, 0.4, test::random_seed()));
  const auto plain = test::chosen<ItemSimilarity>({{"axis", string("users")}, {"neighbours", 100.0}});
  const auto weighed = test::chosen<test::WeighedSimilarity>(
      {{"axis", string("users")}, {"neighbours", 100.0}, {"clusters", string("groups")}, {"mix", 1.0}});
  test::train(*plain, data.input(3));
  test::train(*weighed, data.input(3));
  const auto before = test::all_scores(*plain, data), after = test::all_scores(*weighed, data);
  for (std::size_t n = 0; n < before.size(); ++n) EXPECT_LE(after[n], before[n] + 1e-5f);
  EXPECT_NE(before, after);
}

TEST(ItemSimilarityByActivity, BuildsOnClustersOnly) {
  const auto model = test::chosen<ItemSimilarity>({{"clusters", string("groups")}});
  EXPECT_THAT(model->obstacle_to_reference("activity/clusters", Clusters()), IsEmpty());
  EXPECT_THAT(model->obstacle_to_reference("activity/clusters", MostPopular()), HasSubstr("type \"clusters\""));
}

}  // namespace
}  // namespace matinee::engine
