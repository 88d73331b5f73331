#include "host/run/tsv.h"

#include <string>

#include <gtest/gtest.h>

namespace matinee::host {
namespace {

TEST(Tsv, FieldsComeBackWhateverIsInThem) {
  const std::string fields[] = {"plain", "", "tab\there", "line\nfeed", "back\\slash", "\\t", "return\r", "é—ü"};
  std::string line;
  for (const std::string& field : fields) {
    if (!line.empty()) line += '	';
    line += tsv_field(field);
  }
  const auto read = tsv_fields(line);
  ASSERT_EQ(read.size(), std::size(fields));
  for (std::size_t field = 0; field < read.size(); ++field) EXPECT_EQ(read[field], fields[field]);
}

TEST(Tsv, LinesEndWithALineFeedOrTheText) {
  EXPECT_TRUE(lines_of("").empty());
  EXPECT_EQ(lines_of("a\n\nb").size(), 3U);
  EXPECT_EQ(lines_of("a\nb\n").size(), 2U);
}

}  // namespace
}  // namespace matinee::host
