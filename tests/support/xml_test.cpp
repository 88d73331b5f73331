#include "tests/support/xml.h"

#include <gtest/gtest.h>

namespace matinee::test {
namespace {

TEST(XmlProblem, AcceptsWellFormedText) {
  EXPECT_EQ(xml_problem("<!DOCTYPE html>\n<a x=\"1 &gt; 0\"><b/>text &amp; &#39;<c>\u00e9</c></a>\n"), "");
}

TEST(XmlProblem, FindsWhatIsNot) {
  for (const char* broken : {"<a>", "<a></b>", "</a>", "<a></a><b></b>", "<a>&</a>", "<a>&nbsp;</a>", "<a x=1></a>",
                             "<a x=\"1\" x=\"2\"></a>", "<a x=\"<\"></a>", "<a><b</a>", "text<a/>", "<a>\x01</a>",
                             "<a x=\"1\"y=\"2\"></a>"}) {
    EXPECT_NE(xml_problem(broken), "") << broken;
  }
}

}  // namespace
}  // namespace matinee::test
