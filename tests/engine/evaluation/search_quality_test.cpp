#include "engine/evaluation/search_quality.h"

#include <algorithm>
#include <cmath>
#include <random>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "engine/text/search_words.h"
#include "tests/engine/evaluation/random_evaluation.h"
#include "tests/support/random_seed.h"

namespace matinee::engine {
namespace {

constexpr int32_t kUsers = 17, kItems = 60;
constexpr int64_t kDimensions = 5;

// Titles of few words, so that many match and scores are equal; some items have none.
struct Problem {
  explicit Problem(uint64_t number) : seed(number), fold(random_fold(kUsers, kItems, 0.4, number)) {
    std::mt19937_64 random(number);
    std::normal_distribution<float> normal;
    for (int32_t item = 0; item < kItems; ++item) {
      std::string title = item % 7 == 0 ? "" : "The";
      for (uint64_t word = random() % 3; word > 0 && !title.empty(); --word)
        title += fmt::format(" Film{}", random() % 6);
      catalogue.titles.push_back(title);
    }
    for (auto* values : {&users, &items}) {
      values->resize(static_cast<std::size_t>((values == &users ? kUsers : kItems) * kDimensions));
      for (float& value : *values) value = normal(random);
    }
    index = InvertedIndex::of(searched_words(catalogue));
    taste = {{users.data(), kUsers, kDimensions, kDimensions}, {items.data(), kItems, kDimensions, kDimensions}};
    task.index = &index;
    task.catalogue = &catalogue;
    task.fold = &fold;
    task.top_n = {10, 3};
    task.seed = seed;
    task.taste = &taste;
    task.model = "taste";
    task.personal = 0.4;
  }

  std::vector<Evaluation> measured(int threads = 2) const {
    Context context({}, threads);
    return measure_search(context, task, [](double, double) {});
  }

  uint64_t seed;
  Fold fold;
  Catalogue catalogue;
  InvertedIndex index;
  std::vector<float> users, items;
  TasteVectors taste;
  SearchQualityTask task;
};

// The mean of 1/rank or of the gain over all orders of equal scores, by trying the places one by one.
double naive_mean(const std::vector<double>& scores, std::size_t wanted, const std::function<double(int)>& worth) {
  int place = 0, equal = 0;
  double sum = 0;
  for (const double score : scores) place += score > scores[wanted] ? 1 : 0;
  for (const double score : scores) {
    if (score != scores[wanted]) continue;
    sum += worth(place + 1 + equal);
    ++equal;
  }
  return sum / equal;
}

TEST(SearchQuality, IsWhatAPlainLoopMeasures) {
  const Problem problem(test::random_seed());
  std::vector<double> mrr(2), ndcg(2);
  int64_t queries = 0;
  for (std::size_t n = 0; n < problem.fold.test.users.size(); ++n) {
    const int32_t user = problem.fold.test.users[n], item = problem.fold.test.items[n];
    std::vector<std::string> words = search_words(problem.catalogue.titles[static_cast<std::size_t>(item)]);
    if (words.empty()) continue;
    if (words.size() > 1) words.erase(words.begin());  // "the", a stop word
    const Philox draws(problem.seed, stream_id(RandomStream::kSearchQueries));
    const std::string word =
        words[draws.below(static_cast<uint64_t>(user) * kItems + static_cast<uint64_t>(item), words.size())];
    std::vector<MatchedDocument> unseen;
    std::size_t wanted = 0;
    for (const MatchedDocument& match : bm25(problem.index, std::vector<std::string>{word})) {
      const auto seen = problem.fold.train.view().row_indices(user);
      if (std::ranges::find(seen, match.document) != seen.end()) continue;
      if (match.document == item) wanted = unseen.size();
      unseen.push_back(match);
    }
    ++queries;
    std::vector<double> plain;
    for (const MatchedDocument& match : unseen) plain.push_back(match.score);
    const auto fused = fused_scores(unseen, problem.taste, user, 0.4);
    for (const int ranking : {0, 1}) {
      const auto& scores = ranking == 0 ? plain : fused;
      mrr[static_cast<std::size_t>(ranking)] += naive_mean(scores, wanted, [](int rank) { return 1.0 / rank; });
      ndcg[static_cast<std::size_t>(ranking)] +=
          naive_mean(scores, wanted, [](int rank) { return rank <= 3 ? 1 / std::log2(rank + 1.0) : 0; });
    }
  }
  const auto measured = problem.measured();
  ASSERT_GT(queries, 0);
  ASSERT_EQ(measured.size(), 2U);
  for (std::size_t ranking = 0; ranking < 2; ++ranking) {
    EXPECT_EQ(std::get<int64_t>(*stated(measured[ranking], "queries")), queries);
    EXPECT_NEAR(measured[ranking].metrics.at("mrr"), mrr[ranking] / static_cast<double>(queries), 1e-12);
    EXPECT_NEAR(measured[ranking].metrics.at("ndcg@3"), ndcg[ranking] / static_cast<double>(queries), 1e-12);
    EXPECT_GE(measured[ranking].metrics.at("ndcg@10"), measured[ranking].metrics.at("ndcg@3"));
  }
  EXPECT_EQ(std::get<std::string>(*stated(measured[1], "model")), "taste");
  EXPECT_FALSE(stated(measured[0], "model"));
}

TEST(SearchQuality, IsTheSameForAnyNumberOfThreads) {
  const Problem problem(test::random_seed());
  const auto one = problem.measured(1), three = problem.measured(3);
  ASSERT_EQ(one.size(), three.size());
  for (std::size_t n = 0; n < one.size(); ++n) EXPECT_EQ(one[n].metrics, three[n].metrics);
}

TEST(SearchQuality, VectorsThatKnowTheAnswerFindItFirst) {
  Problem problem(7);
  std::fill(problem.users.begin(), problem.users.end(), 0.0F);
  std::fill(problem.items.begin(), problem.items.end(), 0.0F);
  // Of each user one held-out item is kept, and both vectors point its way.
  Fold fold = problem.fold;
  fold.test.users = {3};
  fold.test.items = {problem.fold.test.items[0]};
  fold.test.levels = {problem.fold.test.levels[0]};
  for (int32_t item = 0; item < kItems; ++item) {
    if (problem.catalogue.titles[static_cast<std::size_t>(item)].empty()) continue;
    const auto row = problem.fold.train.view().row_indices(3);
    if (std::ranges::find(row, item) == row.end()) fold.test.items[0] = item;
  }
  problem.users[3 * kDimensions] = 1;
  problem.items[static_cast<std::size_t>(fold.test.items[0] * kDimensions)] = 1;
  problem.task.fold = &fold;
  problem.task.personal = 1;
  EXPECT_EQ(problem.measured().at(1).metrics.at("mrr"), 1);
}

TEST(SearchQuality, NothingIsMeasuredWithoutTitlesOrRelevantItems) {
  Problem problem(test::random_seed());
  problem.task.positive_from = 1e9;
  EXPECT_THAT(problem.measured(), testing::IsEmpty());
  problem.task.positive_from.reset();
  std::ranges::fill(problem.catalogue.titles, "");
  EXPECT_THAT(problem.measured(), testing::IsEmpty());
}

TEST(SearchQuality, WithoutVectorsOnlyWordsAreMeasured) {
  Problem problem(test::random_seed());
  const auto both = problem.measured();
  problem.task.taste = nullptr;
  const auto words = problem.measured();
  ASSERT_EQ(words.size(), 1U);
  EXPECT_EQ(words[0].metrics, both[0].metrics);
}

}  // namespace
}  // namespace matinee::engine
