#include "host/text/encoding.h"

#include <gtest/gtest.h>

namespace matinee::host {
namespace {

TEST(Encoding, WellFormedUtf8IsAccepted) {
  for (const char* text :
       {"", "Rocky", "Misérables", "七人の侍", "\xF0\x9F\x8E\xAC", "\xEF\xBF\xBF", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(Encoding, IllFormedUtf8IsRefused) {
  for (const char* text : {"Mis\xE9rables", "\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                           "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xE2\x82", "ab\xC3"}) {
    EXPECT_FALSE(is_utf8(text));
  }
}

TEST(Encoding, EveryLatin1CharacterBecomesItsCodePoint) {
  std::string all;
  for (int code = 1; code < 256; ++code) all += static_cast<char>(code);
  const std::string converted = latin1_to_utf8(all);
  EXPECT_TRUE(is_utf8(converted));
  EXPECT_EQ(converted.size(), 127 + 2 * 128);
  EXPECT_EQ(latin1_to_utf8("Mis\xE9rables, \xC5ngstr\xF6m"), "Misérables, Ångström");
}

}  // namespace
}  // namespace matinee::host
