#include "engine/text/bm25.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "tests/support/random_seed.h"
#include "tests/support/random_words.h"

namespace matinee::engine {
namespace {

using Documents = std::vector<std::vector<std::string>>;

// From the formula, a document at a time.
std::map<int32_t, double> naive_bm25(const Documents& documents, const std::vector<std::string>& query) {
  const double k1 = 1.2, b = 0.75;
  double n = 0, total = 0;
  for (const auto& document : documents) {
    n += document.empty() ? 0 : 1;
    total += static_cast<double>(document.size());
  }
  std::map<int32_t, double> scores;
  for (std::size_t number = 0; number < documents.size(); ++number) {
    for (const std::string& word : query) {
      const auto frequency = static_cast<double>(std::ranges::count(documents[number], word));
      if (frequency == 0) continue;
      const auto df = static_cast<double>(std::ranges::count_if(
          documents, [&](const auto& document) { return std::ranges::count(document, word) > 0; }));
      const double idf = std::log(1 + (n - df + 0.5) / (df + 0.5));
      const double norm = k1 * (1 - b + b * static_cast<double>(documents[number].size()) / (total / n));
      scores[static_cast<int32_t>(number)] += idf * frequency / (frequency + norm);
    }
  }
  return scores;
}

TEST(Bm25, ScoresAsTheFormulaDoes) {
  std::mt19937_64 random(test::random_seed());
  for (const int64_t size : {0, 1, 31, 33, 131}) {
    const Documents documents = test::random_documents(size, 30, 9);
    const InvertedIndex index = InvertedIndex::of(documents);
    for (int query = 0; query < 20; ++query) {
      std::vector<std::string> words;
      for (int word = query % 6; word > 0; --word) words.push_back(fmt::format("w{}", random() % 35));
      const auto expected = naive_bm25(documents, words);
      const auto found = bm25(index, words);
      ASSERT_EQ(found.size(), expected.size());
      auto next = expected.begin();
      for (const MatchedDocument& match : found) {
        EXPECT_EQ(match.document, next->first);
        EXPECT_NEAR(match.score, next->second, 1e-12 * std::abs(next->second));
        ++next;
      }
    }
  }
}

TEST(Bm25, HasTheValuesOfAWorkedExample) {
  // N = 2, mean length 2: "star" is in both, "wars" in one.
  const InvertedIndex index = InvertedIndex::of(Documents{{"star", "wars"}, {"a", "star"}});
  const auto found = bm25(index, std::vector<std::string>{"wars"});
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NEAR(found[0].score, std::log(2.0) / 2.2, 1e-15);
  EXPECT_GT(bm25(index, std::vector<std::string>{"star"})[0].score, 0) << "a word that all have still counts";
}

TEST(Bm25, AWordThatStandsTwiceCountsTwice) {
  const InvertedIndex index = InvertedIndex::of(Documents{{"a", "b"}, {"b"}});
  const double once = bm25(index, std::vector<std::string>{"a"})[0].score;
  EXPECT_EQ(bm25(index, std::vector<std::string>{"a", "a"})[0].score, 2 * once);
}

TEST(Bm25, NothingIsFoundForNoWordsAndForUnknownOnes) {
  const InvertedIndex index = InvertedIndex::of(Documents{{"a"}});
  EXPECT_THAT(bm25(index, {}), testing::IsEmpty());
  EXPECT_THAT(bm25(index, std::vector<std::string>{"z", ""}), testing::IsEmpty());
}

}  // namespace
}  // namespace matinee::engine
