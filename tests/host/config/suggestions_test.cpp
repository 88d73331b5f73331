#include "host/config/suggestions.h"

#include <random>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/random_seed.h"

namespace matinee::host {
namespace {

TEST(Suggestions, DistanceCountsEditsAndSwapsOfNeighbours) {
  EXPECT_EQ(edit_distance("factors", "factors"), 0);
  EXPECT_EQ(edit_distance("factor", "factors"), 1);
  EXPECT_EQ(edit_distance("fcators", "factors"), 1);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3);
  EXPECT_EQ(edit_distance("", "abc"), 3);
}

TEST(Suggestions, LetterCaseAndDashesDoNotCount) {
  EXPECT_EQ(edit_distance("Learning-Rate", "learning_rate"), 0);
}

TEST(Suggestions, DistanceIsSymmetricAndAtMostTheNumberOfEdits) {
  std::mt19937_64 draw(test::random_seed());
  for (int round = 0; round < 200; ++round) {
    std::string word(1 + draw() % 12, ' ');
    for (char& letter : word) letter = static_cast<char>('a' + draw() % 4);
    std::string edited = word;
    const int edits = static_cast<int>(draw() % 4);
    for (int edit = 0; edit < edits; ++edit) {
      const std::size_t at = draw() % (edited.size() + 1);
      edited.insert(at, 1, static_cast<char>('a' + draw() % 4));
    }
    EXPECT_LE(edit_distance(word, edited), edits) << word << " " << edited;
    EXPECT_EQ(edit_distance(word, edited), edit_distance(edited, word));
  }
}

TEST(Suggestions, TheNearestNameIsFound) {
  const std::vector<std::string> names = {"factors", "epochs", "biases"};
  EXPECT_EQ(nearest_name("factor", names), "factors");
  EXPECT_EQ(nearest_name("bias", names), "");
  EXPECT_EQ(nearest_name("biasses", names), "biases");
  EXPECT_EQ(nearest_name("temperature", names), "");
  EXPECT_EQ(nearest_name("", names), "");
}

TEST(Suggestions, WhereNothingIsNearTheNamesAreListed) {
  const std::vector<std::string> names = {"factors", "epochs"};
  EXPECT_EQ(suggestion("epoch", names), "did you mean \"epochs\"?");
  EXPECT_EQ(suggestion("temperature", names), "known: factors, epochs");
  EXPECT_EQ(suggestion("temperature", {}), "none is known here");
}

}  // namespace
}  // namespace matinee::host
