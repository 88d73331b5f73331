#include "tests/engine/models/model_contract.h"

#include <algorithm>
#include <cmath>

#include "tests/support/model_tools.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

using test::all_scores;
using test::checkerboard;
using test::random_ratings;
using test::saved_bytes;
using test::StoppingMonitor;
using test::train;
using test::TrainingData;

constexpr uint64_t kSeed = 7;

std::unique_ptr<Model> trained(const ModelCase& model_case, const TrainingData& data, int threads = 2,
                               const Model* initial = nullptr) {
  auto model = model_case.make();
  TrainingInput input = data.input(kSeed);
  input.initial = initial;
  train(*model, input, threads);
  return model;
}

void expect_finite(const std::vector<float>& scores) {
  EXPECT_TRUE(std::all_of(scores.begin(), scores.end(), [](float score) { return std::isfinite(score); }));
}

// Of all withheld pairs (liked, disliked) of one user, the share that `scores` put in that order.
double ordered_share(const std::vector<float>& scores, const TrainingData& data) {
  const int32_t items = data.ratings.item_count;
  int64_t pairs = 0, ordered = 0;
  for (int32_t user = 0; user < data.ratings.user_count; ++user) {
    const float* row = scores.data() + static_cast<int64_t>(user) * items;
    for (int32_t good = 0; good < items; ++good) {
      for (int32_t bad = 0; bad < items; ++bad) {
        if (!test::withheld(user, good) || !test::withheld(user, bad)) continue;
        if (!test::liked(user, good) || test::liked(user, bad)) continue;
        ++pairs;
        if (row[good] > row[bad]) ++ordered;
      }
    }
  }
  return static_cast<double>(ordered) / static_cast<double>(pairs);
}

TEST_P(ModelContract, LearnsTheCheckerboard) {
  if (GetParam().learns == Learns::kNothing) {
    const TrainingData data(checkerboard(32, 36, true));
    EXPECT_LT(ordered_share(all_scores(*trained(GetParam(), data), data), data), 0.9) << "say what the model learns";
    return;
  }
  const TrainingData data(checkerboard(32, 36, GetParam().learns == Learns::kRatings));
  const auto model = trained(GetParam(), data);
  EXPECT_GE(ordered_share(all_scores(*model, data), data), GetParam().ordered_share);
}

TEST_P(ModelContract, PredictsHigherRatingsForWhatIsLiked) {
  const TrainingData data(checkerboard(32, 36, true));
  const auto model = trained(GetParam(), data);
  if (!model->predicts_ratings() || GetParam().learns == Learns::kNothing) return;
  std::vector<int32_t> users, items;
  for (int32_t user = 0; user < 32; ++user) {
    for (int32_t item = 0; item < 36; ++item) {
      if (!test::withheld(user, item)) continue;
      users.push_back(user);
      items.push_back(item);
    }
  }
  std::vector<float> ratings(users.size());
  Context context({}, 2);
  model->predict(context, data.history(), users, items, ratings);
  expect_finite(ratings);
  double sum[2] = {}, count[2] = {};
  for (std::size_t n = 0; n < users.size(); ++n) {
    sum[test::liked(users[n], items[n])] += ratings[n];
    ++count[test::liked(users[n], items[n])];
  }
  const double range = data.ratings.grid.maximum() - data.ratings.grid.minimum();
  EXPECT_GT(sum[1] / count[1] - sum[0] / count[0], 0.3 * range);
}

TEST_P(ModelContract, SameSeedGivesSameBytesForAnyNumberOfThreads) {
  const TrainingData data(random_ratings(61, 47, 0.3, test::random_seed()));
  const auto model = trained(GetParam(), data, 1);
  ASSERT_TRUE(model->deterministic());
  const std::string bytes = saved_bytes(*model);
  EXPECT_TRUE(bytes == saved_bytes(*trained(GetParam(), data, 1)));
  EXPECT_TRUE(bytes == saved_bytes(*trained(GetParam(), data, 3)));
  EXPECT_EQ(all_scores(*model, data, 1), all_scores(*model, data, 3));
}

TEST_P(ModelContract, SavedAndLoadedScoresAreTheSameBitForBit) {
  const TrainingData data(random_ratings(33, 31, 0.3, test::random_seed()));
  const auto model = trained(GetParam(), data);
  const auto loaded = GetParam().make();
  test::load_bytes(*loaded, saved_bytes(*model));
  EXPECT_EQ(all_scores(*loaded, data), all_scores(*model, data));
  EXPECT_TRUE(saved_bytes(*loaded) == saved_bytes(*model));
}

TEST_P(ModelContract, InterruptedTrainingResumesToTheSameBytes) {
  const TrainingData data(random_ratings(31, 33, 0.4, test::random_seed()));
  const std::string undisturbed = saved_bytes(*trained(GetParam(), data));
  int64_t stops = 0;
  for (int64_t stop_at = 1; stop_at <= 5; ++stop_at) {
    StoppingMonitor first(stop_at);
    if (train(*GetParam().make(), data.input(kSeed), 2, first)) break;
    ++stops;
    StoppingMonitor second(1, &first);  // stopped again at once
    const auto interrupted_twice = GetParam().make();
    StoppingMonitor last(0, &second);
    const auto resumed = GetParam().make();
    if (train(*interrupted_twice, data.input(kSeed), 3, second)) {
      EXPECT_TRUE(saved_bytes(*interrupted_twice) == undisturbed);
      continue;
    }
    ASSERT_TRUE(train(*resumed, data.input(kSeed), 1, last));
    EXPECT_TRUE(saved_bytes(*resumed) == undisturbed) << "stopped at offers " << stop_at << " and " << stop_at + 1;
  }
  EXPECT_EQ(stops > 0, GetParam().offers_checkpoints);
}

TEST_P(ModelContract, EverySizeGivesFiniteScores) {
  constexpr std::pair<int32_t, int32_t> kSizes[] = {{1, 1}, {1, 31}, {33, 1}, {31, 33}, {131, 17}, {2, 131}};
  for (const auto& [users, items] : kSizes) {
    for (const double density : {0.0, 0.05, 1.0}) {
      SCOPED_TRACE(testing::Message() << users << " users, " << items << " items, density " << density);
      const TrainingData data(random_ratings(users, items, density, test::random_seed()));
      const auto model = trained(GetParam(), data);
      expect_finite(all_scores(*model, data));
      if (!model->predicts_ratings()) continue;
      std::vector<float> rating(1);
      const int32_t user = users - 1, item = items - 1;
      Context context({}, 1);
      model->predict(context, data.history(), std::span(&user, 1), std::span(&item, 1), rating);
      expect_finite(rating);
    }
  }
}

TEST_P(ModelContract, NoUsersAndNoItemsIsNoFailure) {
  const TrainingData data(random_ratings(0, 0, 1.0, 1));
  const auto model = trained(GetParam(), data);
  const auto loaded = GetParam().make();
  test::load_bytes(*loaded, saved_bytes(*model));
  EXPECT_TRUE(all_scores(*loaded, data).empty());
}

TEST_P(ModelContract, UsersAndItemsWithoutRatingsGetFiniteScores) {
  Ratings ratings = random_ratings(31, 33, 0.4, test::random_seed());
  ratings.user_count += 3;
  ratings.item_count += 5;
  const TrainingData data(std::move(ratings));
  expect_finite(all_scores(*trained(GetParam(), data), data));
}

TEST_P(ModelContract, ScoresOfAUserDoNotDependOnWhoElseIsScoredAndStayInTheirColumns) {
  const TrainingData data(random_ratings(31, 33, 0.4, test::random_seed()));
  const auto model = trained(GetParam(), data);
  const std::vector<float> together = all_scores(*model, data);
  constexpr int64_t kStride = 40;
  constexpr float kGuard = -12345.5f;
  const std::vector<int32_t> users = {30, 0, 17, 0};
  std::vector<float> scores(users.size() * kStride, kGuard);
  Context context({}, 2);
  model->score(context, data.history(), users, {scores.data(), static_cast<int64_t>(users.size()), 33, kStride});
  for (std::size_t row = 0; row < users.size(); ++row) {
    for (int64_t item = 0; item < kStride; ++item) {
      const float expected = item < 33 ? together[static_cast<std::size_t>(users[row] * 33 + item)] : kGuard;
      EXPECT_EQ(scores[row * kStride + static_cast<std::size_t>(item)], expected) << users[row] << ' ' << item;
    }
  }
}

TEST_P(ModelContract, WarmStartTakesNewUsersAndItems) {
  const bool with_dislikes = GetParam().learns == Learns::kRatings;
  const TrainingData before(checkerboard(26, 30, with_dislikes)), after(checkerboard(33, 37, with_dislikes));
  const auto initial = trained(GetParam(), before);
  const std::string initial_bytes = saved_bytes(*initial);
  const auto reloaded = GetParam().make();
  test::load_bytes(*reloaded, initial_bytes);

  const auto model = trained(GetParam(), after, 1, initial.get());
  expect_finite(all_scores(*model, after));
  if (GetParam().learns != Learns::kNothing) {
    EXPECT_GE(ordered_share(all_scores(*model, after), after), GetParam().ordered_share);
  }
  EXPECT_TRUE(saved_bytes(*model) == saved_bytes(*trained(GetParam(), after, 3, reloaded.get())));
  EXPECT_TRUE(saved_bytes(*initial) == initial_bytes);
}

TEST_P(ModelContract, SimilarItemsAreOthersBestFirst) {
  const TrainingData data(checkerboard(32, 36, GetParam().learns == Learns::kRatings));
  const auto model = trained(GetParam(), data);
  for (const int64_t count : {0, 1, 5, 100}) {
    for (int32_t item = 0; item < 36; ++item) {
      const std::vector<ScoredItem> similar = model->similar_items(item, count);
      EXPECT_LE(static_cast<int64_t>(similar.size()), count);
      std::vector<int32_t> named = {item};
      for (std::size_t rank = 0; rank < similar.size(); ++rank) {
        EXPECT_TRUE(std::isfinite(similar[rank].score));
        EXPECT_TRUE(similar[rank].item >= 0 && similar[rank].item < 36);
        EXPECT_EQ(std::count(named.begin(), named.end(), similar[rank].item), 0) << "item " << similar[rank].item;
        if (rank > 0) {
          EXPECT_GE(similar[rank - 1].score, similar[rank].score);
        }
        named.push_back(similar[rank].item);
      }
      if (!similar.empty() && GetParam().learns != Learns::kNothing) {
        EXPECT_EQ(similar[0].item % 2, item % 2);
      }
    }
  }
}

TEST_P(ModelContract, PredictedBytesGrowWithTheData) {
  const auto model = GetParam().make();
  const DataShape base{1000, 500, 50'000};
  const int64_t bytes = model->host_bytes(base);
  EXPECT_EQ(bytes > 0, GetParam().stores);
  EXPECT_GE(bytes, 0);
  for (const DataShape& larger : {DataShape{2000, 500, 50'000}, DataShape{1000, 1000, 50'000},
                                  DataShape{1000, 500, 100'000}, DataShape{100'000'000, 2'000'000, 4'000'000'000}}) {
    EXPECT_GE(model->host_bytes(larger), bytes);
  }
  EXPECT_EQ(model->host_bytes({2000, 1000, 100'000}) > bytes, GetParam().stores);
}

}  // namespace
}  // namespace matinee::engine
