#include "engine/text/stop_words.h"

#include <gtest/gtest.h>

namespace matinee::engine {
namespace {

TEST(StopWords, AreFoundWhateverTheirCase) {
  for (const char* word : {"a", "The", "THE", "don't", "yourselves", "wouldn't", "y"}) {
    EXPECT_TRUE(is_english_stop_word(word)) << word;
  }
}

TEST(StopWords, OtherWordsAreNone) {
  for (const char* word : {"", "Star", "wars", "thé", "one", "us", "dont", "yourselvess", "a very long word indeed"}) {
    EXPECT_FALSE(is_english_stop_word(word)) << word;
  }
}

}  // namespace
}  // namespace matinee::engine
