#include "engine/text/split_words.h"

#include <gmock/gmock.h>

namespace matinee::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(SplitWords, PunctuationSeparatesAndCaseStays) {
  EXPECT_THAT(words_of("Spider-Man: Far from Home!"), ElementsAre("Spider", "Man", "Far", "from", "Home"));
  EXPECT_THAT(words_of("¡Three Amigos!"), ElementsAre("Three", "Amigos"));
  EXPECT_THAT(words_of("M*A*S*H\t(a.k.a. MASH)\n"), ElementsAre("M", "A", "S", "H", "a", "k", "a", "MASH"));
  EXPECT_THAT(words_of("2001: A Space Odyssey"), ElementsAre("2001", "A", "Space", "Odyssey"));
  EXPECT_THAT(words_of("Anne — «Emma» – “Ida”…"), ElementsAre("Anne", "Emma", "Ida"));
}

TEST(SplitWords, LettersOfEveryScriptAreWords) {
  EXPECT_THAT(words_of("Amélie, Léon & 8½"), ElementsAre("Amélie", "Léon", "8½"));
  EXPECT_THAT(words_of("Ирония судьбы: 七人の侍、羅生門。"), ElementsAre("Ирония", "судьбы", "七人の侍", "羅生門"));
  EXPECT_THAT(words_of("😀Alien³😀"), ElementsAre("Alien³"));
  EXPECT_THAT(words_of("❤\uFE0F"), IsEmpty());
  EXPECT_THAT(words_of("हिन्दी फ़िल्म"), ElementsAre("हिन्दी", "फ\u093Cिल्म")) << "vowel signs and viramas are no breaks";
}

TEST(SplitWords, ALetterIsTheSameHoweverItWasTyped) {
  EXPECT_THAT(words_of("e\u0301te\u0301"), ElementsAre("été"));
  EXPECT_THAT(words_of("A\u030Angstro\u0308m \u212Bngstr\u00F6m"), ElementsAre("Ångström", "Ångström"));
  EXPECT_THAT(words_of("\u1112\u1161\u11ABgul"), ElementsAre("한gul"));
  EXPECT_THAT(words_of("и\u0306"), ElementsAre("й"));
  EXPECT_THAT(words_of("x\u0301"), ElementsAre("x\u0301")) << "a mark without a letter of its own stays";
  EXPECT_THAT(words_of("\u0301a"), ElementsAre("a")) << "a mark that stands on nothing is left out";
}

TEST(SplitWords, ApostrophesBelongToAWordWithinIt) {
  EXPECT_THAT(words_of("Ocean's L’Avventura 'til Boys' o''clock '"),
              ElementsAre("Ocean's", "L'Avventura", "til", "Boys", "o", "clock"));
}

TEST(SplitWords, SoftHyphensAndJoinersSeparateNothing) {
  EXPECT_THAT(words_of("Zauber\u00ADberg a\u200Db \uFEFFThe"), ElementsAre("Zauberberg", "ab", "The"));
}

TEST(SplitWords, ControlsAndNulSeparate) {
  EXPECT_THAT(words_of(std::string_view("a\0b\x01"
                                        "c\x7F",
                                        6)),
              ElementsAre("a", "b", "c"));
  EXPECT_THAT(words_of(""), IsEmpty());
  EXPECT_THAT(words_of("... ---"), IsEmpty());
}

TEST(SplitWords, OverlongWordsAreLeftOutAndCounted) {
  const std::string longest(kLongestWord, 'x'), longer = longest + "x";
  WordSplitter splitter;
  const std::string text = "a " + longer + " " + longest + " " + longer;
  splitter.start(text);
  std::vector<std::string> words;
  for (std::string_view word; splitter.next(word);) words.emplace_back(word);
  EXPECT_THAT(words, ElementsAre("a", longest));
  EXPECT_EQ(splitter.overlong(), 2);
}

}  // namespace
}  // namespace matinee::engine
