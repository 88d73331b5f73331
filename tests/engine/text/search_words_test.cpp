#include "engine/text/search_words.h"

#include <gmock/gmock.h>

namespace matinee::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SearchWords, CaseAndDiacriticsCountForNothing) {
  for (const char* word : {"Amélie", "AMÉLIE", "amelie", "ame\u0301lie", "Amèlïé"}) {
    EXPECT_EQ(folded_word(word), "amelie") << word;
  }
  EXPECT_EQ(folded_word("Čapek"), "capek");
  EXPECT_EQ(folded_word("Łódź"), "lodz");
  EXPECT_EQ(folded_word("Đặng"), "dang");
  EXPECT_EQ(folded_word("Pokémon2000"), "pokemon2000");
}

TEST(SearchWords, LigaturesAreWrittenOut) {
  EXPECT_EQ(folded_word("Ænima"), "aenima");
  EXPECT_EQ(folded_word("cœur"), "coeur");
  EXPECT_EQ(folded_word("Straße"), "strasse");
  EXPECT_EQ(folded_word("STRA\u1E9EE"), "strasse");
  EXPECT_EQ(folded_word("Þór"), "thor");
}

TEST(SearchWords, GreekAndCyrillicHaveNoCaseAndOtherScriptsStay) {
  EXPECT_EQ(folded_word("ΟΔΥΣΣΕΥΣ"), folded_word("Οδυσσεύς"));
  EXPECT_EQ(folded_word("Ёлки"), folded_word("елки"));
  EXPECT_EQ(folded_word("СТАЛКЕР"), "сталкер");
  EXPECT_EQ(folded_word("Чужой"), "чужои");
  EXPECT_EQ(folded_word("七人の侍"), "七人の侍");
  EXPECT_EQ(folded_word("がんばれ"), "がんばれ");
  EXPECT_EQ(folded_word("हिन्दी"), "हिन्दी");
  EXPECT_EQ(folded_word("기생충"), "기생충");
  EXPECT_EQ(folded_word("ԱՐԱՐԱՏ"), "արարատ");
  EXPECT_EQ(folded_word(""), "");
}

TEST(SearchWords, ApostrophesPartWords) {
  EXPECT_THAT(search_words("L’Avventura"), ElementsAre("l", "avventura"));
  EXPECT_THAT(search_words("Schindler's List"), ElementsAre("schindler", "s", "list"));
  EXPECT_THAT(search_words("Rock'n'Roll"), ElementsAre("rock", "n", "roll"));
  EXPECT_THAT(search_words("Postino, Il (1994)"), ElementsAre("postino", "il", "1994"));
  EXPECT_THAT(search_words(" '…!? "), IsEmpty());
}

}  // namespace
}  // namespace matinee::engine
