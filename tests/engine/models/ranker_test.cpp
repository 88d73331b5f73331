#include "engine/models/ranker.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <gmock/gmock.h>

#include "engine/models/most_popular.h"
#include "engine/models/skip_gram.h"
#include "engine/rank_unseen.h"
#include "kernels/support/error.h"
#include "tests/engine/evaluation/random_evaluation.h"
#include "tests/support/candidate_models.h"
#include "tests/support/random_seed.h"
#include "tests/support/table_model.h"
#include "tests/support/tensor_surgery.h"

namespace matinee::engine {
namespace {

using std::string;
using test::TensorParts;
using testing::HasSubstr;
using testing::IsEmpty;

// The best unseen items by scores of a row, ties by smaller number.
std::set<int32_t> best_unseen(const float* scores, int32_t items, const SparseView& seen, int32_t user, int64_t most) {
  std::vector<int32_t> order;
  const auto rated = seen.row_indices(user);
  for (int32_t item = 0; item < items; ++item) {
    if (std::find(rated.begin(), rated.end(), item) == rated.end()) order.push_back(item);
  }
  std::ranges::stable_sort(order, [&](int32_t left, int32_t right) { return scores[left] > scores[right]; });
  order.resize(std::min(order.size(), static_cast<std::size_t>(most)));
  return {order.begin(), order.end()};
}

TEST(Candidates, AreTheBestOfTheClusterAndOfTheCollaborativeModelTogether) {
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : {std::pair{1, 1}, {31, 33}, {33, 131}, {131, 17}}) {
    for (const double most : {1.0, 7.0, 200.0}) {
      const test::TrainingData data(test::random_ratings(users, items, 0.3, ++seed));
      TrainingInput input = data.input(3);
      Context context({}, 2);
      const test::TrainedPool trained(context, input, most);
      const CandidateSets& sets = *trained.pool->candidates();
      ASSERT_EQ(sets.users(), users);
      EXPECT_EQ(sets.most, static_cast<int64_t>(most));
      const auto of_groups = test::all_scores(*trained.groups, data), of_cf = test::all_scores(*trained.similar, data);
      for (int32_t user = 0; user < users; ++user) {
        const int64_t row = int64_t{user} * items;
        auto expected = best_unseen(of_groups.data() + row, items, input.by_user, user, sets.most);
        expected.merge(best_unseen(of_cf.data() + row, items, input.by_user, user, sets.most));
        const auto found = sets.of(user);
        EXPECT_EQ(std::vector<int32_t>(found.begin(), found.end()),
                  std::vector<int32_t>(expected.begin(), expected.end()))
            << users << " users, " << items << " items, most " << most << ", user " << user;
      }
    }
  }
}

TEST(Candidates, HaveTheSameBytesForAnyNumberOfThreadsAndAfterLoading) {
  const test::TrainingData data(test::random_ratings(61, 47, 0.3, test::random_seed()));
  TrainingInput one = data.input(3), three = data.input(3);
  Context single({}, 1), triple({}, 3);
  const test::TrainedPool first(single, one, 5), second(triple, three, 5);
  const std::string bytes = test::saved_bytes(*first.pool);
  EXPECT_TRUE(test::saved_bytes(*second.pool) == bytes);
  Candidates loaded;
  test::load_bytes(loaded, bytes);
  EXPECT_TRUE(test::saved_bytes(loaded) == bytes);
}

struct Ranked {
  test::TrainingData data;
  test::TableModel table;
  std::unique_ptr<Model> ranker;
  CandidateSets sets;

  Ranked(int32_t users, int32_t items, double most, uint64_t seed)
      : data(test::random_ratings(users, items, 0.3, seed)), table(random_table(users, items, seed)) {
    TrainingInput input = data.input(3);
    Context context({}, 2);
    const test::TrainedPool trained(context, input, most);
    input.references["table"] = &table;
    ranker = test::chosen<Ranker>({{"candidates", string("pool")}, {"model", string("table")}});
    SilentMonitor silent;
    ranker->train(context, input, silent);
    sets = *trained.pool->candidates();
  }
};

TEST(Ranker, ScoresCandidatesAsItsModelAndTheRestAlikeBelowThem) {
  uint64_t seed = test::random_seed();
  for (const auto& [users, items] : {std::pair{1, 1}, {31, 33}, {33, 131}}) {
    const Ranked ranked(users, items, 3, ++seed);
    const auto scores = test::all_scores(*ranked.ranker, ranked.data);
    for (int32_t user = 0; user < users; ++user) {
      const auto candidates = ranked.sets.of(user);
      std::set<float> others;
      float least = std::numeric_limits<float>::max();
      for (int32_t item = 0; item < items; ++item) {
        const float score = scores[static_cast<std::size_t>(user * items + item)];
        if (!std::ranges::binary_search(candidates, item)) {
          others.insert(score);
          continue;
        }
        EXPECT_EQ(score, ranked.table.at(user, item));
        least = std::min(least, score);
      }
      EXPECT_LE(others.size(), 1);
      for (const float other : others) EXPECT_LT(other, least);
    }
  }
}

TEST(Ranker, HasFiniteScoresWhateverItsModelHas) {
  test::TrainingData data(test::random_ratings(3, 5, 0.5, 1));
  TrainingInput input = data.input(3);
  Context context({}, 1);
  const test::TrainedPool trained(context, input, 5);
  constexpr float kInfinite = std::numeric_limits<float>::infinity();
  test::TableModel table(5, std::vector<float>(15, -kInfinite), false);
  for (int32_t user = 0; user < 3; ++user) table.at(user, user) = kInfinite;
  input.references["table"] = &table;
  const auto ranker = test::chosen<Ranker>({{"candidates", string("pool")}, {"model", string("table")}});
  SilentMonitor silent;
  ranker->train(context, input, silent);
  for (const float score : test::all_scores(*ranker, data)) EXPECT_TRUE(std::isfinite(score));
  for (int32_t user = 0; user < 3; ++user) table.at(user, 2) = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(ranker->train(context, input, silent), Error);
}

// Candidate recall by plain counting, and what the protocol says of the other items.
TEST(Ranker, IsEvaluatedWithTheRecallOfItsCandidates) {
  const uint64_t seed = test::random_seed();
  const Fold fold = random_fold(61, 47, 0.4, seed);
  TableModel table = random_table(61, 47, seed);
  const SparseRatings by_item = transposed(fold.train);
  const test::TrainingData genres(test::random_ratings(61, 47, 0.1, seed));
  TrainingInput input;
  input.by_user = fold.train.view();
  input.by_item = by_item.view();
  input.grid = fold.test.grid;
  input.catalogue = &genres.catalogue;
  Context context({}, 2);
  const test::TrainedPool trained(context, input, 4);
  input.references["table"] = &table;
  const auto ranker = test::chosen<Ranker>({{"candidates", string("pool")}, {"model", string("table")}});
  SilentMonitor silent;
  ranker->train(context, input, silent);
  EvaluationOptions options = every_metric();
  options.sampled_negatives = 10;
  const auto evaluations = evaluated(*ranker, fold, options);
  ASSERT_EQ(evaluations.size(), 2);
  double found = 0, relevant = 0, shares = 0, users = 0, candidates = 0;
  for (int32_t user = 0; user < 61; ++user) {
    double of_user = 0, hits = 0;
    for (std::size_t n = 0; n < fold.test.users.size(); ++n) {
      if (fold.test.users[n] != user) continue;
      ++of_user;
      hits += std::ranges::binary_search(trained.pool->candidates()->of(user), fold.test.items[n]) ? 1 : 0;
    }
    if (of_user == 0) continue;
    found += hits;
    relevant += of_user;
    shares += hits / of_user;
    candidates += static_cast<double>(trained.pool->candidates()->of(user).size());
    ++users;
  }
  EXPECT_NEAR(evaluations[0].metrics.at("candidate_recall"), found / relevant, 1e-12);
  EXPECT_NEAR(evaluations[0].metrics.at("candidate_recall_macro"), shares / users, 1e-12);
  EXPECT_LE(evaluations[0].metrics.at("recall@10"), evaluations[0].metrics.at("candidate_recall") + 1e-12);
  for (const Evaluation& evaluation : evaluations) {
    EXPECT_EQ(stated(evaluation, "candidate_sources_most"), ProtocolValue(int64_t{4}));
    EXPECT_NEAR(std::get<double>(*stated(evaluation, "candidates_per_user")), candidates / users, 1e-9);
    EXPECT_TRUE(stated(evaluation, "non_candidates").has_value());
  }
  // A held-out item that is no candidate ties with every negative that is none, and loses.
  EXPECT_LE(evaluations[1].metrics.at("hit_rate@10"), 1);
  EXPECT_GE(evaluations[1].metrics.at("tied_share"), 0);
  EXPECT_FALSE(stated(evaluated(table, fold, options)[0], "non_candidates").has_value());
}

TEST(Ranker, ListsCandidatesOnly) {
  const Ranked ranked(31, 33, 2, test::random_seed());
  std::vector<int32_t> users = {30, 0, 7};
  std::vector<ranking::RankedItem> best(3 * 20);
  std::vector<float> scores(3 * 33);
  Context context({}, 2);
  rank_unseen(context, *ranked.ranker, ranked.data.history(), users, {best.data(), 3, 20, 20},
              {scores.data(), 3, 33, 33});
  for (std::size_t row = 0; row < 3; ++row) {
    const auto candidates = ranked.sets.of(users[row]);
    for (std::size_t place = 0; place < 20; ++place) {
      const int32_t item = best[20 * row + place].item;
      EXPECT_EQ(item >= 0, place < candidates.size());
      EXPECT_TRUE(item < 0 || std::ranges::binary_search(candidates, item));
    }
  }
}

TEST(Ranker, SaysWhichModelsItCannotBuildOn) {
  const auto ranker = test::chosen<Ranker>({{"candidates", string("pool")}, {"model", string("cf")}});
  const Candidates candidates;
  const MostPopular popular;
  const SkipGram words;
  EXPECT_THAT(ranker->obstacle_to_reference("candidates", candidates), IsEmpty());
  EXPECT_THAT(ranker->obstacle_to_reference("candidates", popular), HasSubstr("type \"candidates\""));
  EXPECT_THAT(ranker->obstacle_to_reference("candidates", *ranker), HasSubstr("type \"candidates\""));
  EXPECT_THAT(ranker->obstacle_to_reference("model", popular), IsEmpty());
  EXPECT_THAT(ranker->obstacle_to_reference("model", words), HasSubstr("recommends nothing"));
  const auto pool = test::chosen<Candidates>({{"clusters", string("groups")}, {"collaborative", string("cf")}});
  EXPECT_THAT(pool->obstacle_to_reference("clusters", popular), HasSubstr("type \"clusters\""));
  EXPECT_THAT(pool->obstacle_to_reference("clusters", Clusters()), IsEmpty());
  EXPECT_THAT(pool->obstacle_to_reference("collaborative", words), HasSubstr("recommends nothing"));
}

TEST(Ranker, RefusesDamagedCandidates) {
  const Ranked ranked(31, 33, 3, test::random_seed());
  for (const char* tensor : {"candidate_offsets", "candidate_items"}) {
    TensorParts parts = TensorParts::of(test::saved_bytes(*ranked.ranker));
    for (auto& part : parts.tensors) {
      if (part.name == tensor) std::ranges::fill(part.data, static_cast<char>(0x7f));
    }
    Ranker loaded;
    EXPECT_THROW(test::load_bytes(loaded, parts.bytes()), Error) << tensor;
  }
}

}  // namespace
}  // namespace matinee::engine
