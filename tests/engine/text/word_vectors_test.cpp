#include "engine/text/word_vectors.h"

#include <gtest/gtest.h>

#include "engine/text/word_map.h"

namespace matinee::engine {
namespace {

// Words "a", "b" … with these vectors of two dimensions.
struct Plane {
  Vocabulary vocabulary;
  std::vector<float> numbers = std::vector<float>(2 * Vocabulary::kSpecials);

  explicit Plane(const std::vector<std::pair<float, float>>& vectors) {
    for (const auto& [x, y] : vectors) {
      vocabulary.add(std::string(1, static_cast<char>('a' + vocabulary.word_count())), 1);
      numbers.push_back(x);
      numbers.push_back(y);
    }
  }
  WordVectors words() const { return {&vocabulary, {numbers.data(), vocabulary.size(), 2, 2}}; }
};

constexpr int32_t kFirst = Vocabulary::kSpecials;

TEST(NearestWords, AreThoseOfTheHighestCosine) {
  const Plane plane({{1, 0}, {0, 2}, {5, 5}, {-3, 0}, {0, 0}, {0, 7}});
  const auto nearest = nearest_words(plane.words(), kFirst, 9);
  ASSERT_EQ(nearest.size(), 5);
  const std::pair<int32_t, float> expected[] = {{2, 0.70710678f}, {1, 0}, {4, 0}, {5, 0}, {3, -1}};
  for (std::size_t rank = 0; rank < nearest.size(); ++rank) {
    EXPECT_EQ(nearest[rank].id, kFirst + expected[rank].first);
    EXPECT_FLOAT_EQ(nearest[rank].similarity, expected[rank].second);
  }
  EXPECT_EQ(nearest_words(plane.words(), kFirst + 1, 1).at(0).id, kFirst + 5);
  EXPECT_TRUE(nearest_words(plane.words(), kFirst, 0).empty());
}

TEST(WordMap, ShowsTheMostFrequentWordsScaledToLengthOne) {
  const Plane plane({{9, 0}, {-1, 0}, {0, 0}, {0, 1}});
  Context context({}, 2);
  const WordMap map = map_of_words(context, plane.words(), 3);
  ASSERT_EQ(map.points.size(), 3);
  EXPECT_NEAR(map.points[0].x, 1, 1e-12);
  EXPECT_NEAR(map.points[1].x, -1, 1e-12);
  EXPECT_NEAR(map.points[2].x, 0, 1e-12);
  EXPECT_NEAR(map.x_share, 1, 1e-12);
  EXPECT_NEAR(map.y_share, 0, 1e-12);
}

}  // namespace
}  // namespace matinee::engine
