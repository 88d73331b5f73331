#include "host/report/escape.h"

#include <gtest/gtest.h>

namespace matinee::host {
namespace {

TEST(HtmlEscaped, TurnsMarkupIntoEntitiesAndKeepsAccents) {
  EXPECT_EQ(html_escaped("<b>\"Am\u00e9lie\" & 'Co'</b>"),
            "&lt;b&gt;&quot;Am\u00e9lie&quot; &amp; &#39;Co&#39;&lt;/b&gt;");
  EXPECT_EQ(html_escaped("\u4e03\U0001F3AC\n\t"), "\u4e03\U0001F3AC\n\t");
}

TEST(HtmlEscaped, ReplacesWhatXmlDoesNotAllow) {
  EXPECT_EQ(html_escaped(std::string_view("a\0b\x1f", 4)), "a\uFFFDb\uFFFD");
  EXPECT_EQ(html_escaped("Am\xe9lie"), "Am\uFFFDlie");                      // Latin-1
  EXPECT_EQ(html_escaped("\xc0\xaf"), "\uFFFD\uFFFD");                      // overlong
  EXPECT_EQ(html_escaped("\xe0\x80\x80"), "\uFFFD\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(html_escaped("\xed\xa0\x80"), "\uFFFD\uFFFD\uFFFD");            // a surrogate
  EXPECT_EQ(html_escaped("\xf4\x90\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond U+10FFFF
  EXPECT_EQ(html_escaped("\xe4\xb8"), "\uFFFD\uFFFD");                      // cut off
  EXPECT_EQ(html_escaped("\xef\xbf\xbf"), "\uFFFD\uFFFD\uFFFD");            // U+FFFF
}

TEST(MarkdownEscaped, LeavesNoMarkupAndNoLineBreak) {
  EXPECT_EQ(markdown_escaped("a|b_c*`d`\n[e](f) <g> & $h$ ~i~ \\"),
            "a\\|b\\_c\\*\\`d\\` \\[e\\](f) &lt;g&gt; &amp; \\$h\\$ \\~i\\~ \\\\");
}

TEST(MarkdownFenced, OutgrowsTheBackticksInTheText) {
  EXPECT_EQ(markdown_fenced("{}", "json"), "```json\n{}\n```\n");
  EXPECT_EQ(markdown_fenced("a ```` b\n", ""), "`````\na ```` b\n`````\n");
}

TEST(CodePoints, CountsCharactersNotBytes) {
  EXPECT_EQ(code_points(""), 0U);
  EXPECT_EQ(code_points("Am\u00e9lie"), 6U);
}

}  // namespace
}  // namespace matinee::host
