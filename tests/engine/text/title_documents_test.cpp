#include "engine/text/title_documents.h"

#include <gmock/gmock.h>

namespace matinee::engine {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(TitleDocuments, JoinTheTitlesOfEachDirector) {
  const Catalogue catalogue = {{"Chase, The (1994)", "Alone (1990)", "", "Run (1991)", "Both (2001)", "Last (1999)"},
                               {},
                               {"Ada", "", "Ada", "Bo", "Bo|Ada|Cy", "Ada"}};
  EXPECT_THAT(title_documents(catalogue), ElementsAre("The Chase\nBoth\nLast", "Alone", "Run\nBoth", "Both"));
}

TEST(TitleDocuments, WithoutDirectorsEachTitleStandsAlone) {
  EXPECT_THAT(title_documents({{"A (1990)", "B, The"}, {}, {}}), ElementsAre("A", "The B"));
  EXPECT_THAT(title_documents({}), IsEmpty());
}

}  // namespace
}  // namespace matinee::engine
