#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/readers/read_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CatalogueFiles : public testing::Test {
 protected:
  CatalogueFiles() {
    test::write_text(folder_ / "ratings.csv", "userId,movieId,rating\n1,20,5\n1,10,4\n2,30,3\n");
    spec_.path = folder_.path().string();
  }

  engine::Dataset read() {
    Context context({}, 2);
    return read_dataset(context, spec_);
  }

  test::TemporaryFolder folder_;
  DatasetSpec spec_;
};

TEST_F(CatalogueFiles, AreOptional) {
  const auto dataset = read();
  EXPECT_TRUE(dataset.catalogue.titles.empty());
  EXPECT_TRUE(dataset.catalogue.genres.empty());
  EXPECT_TRUE(dataset.catalogue.directors.empty());
  spec_.titles = "films.csv";
  EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { read(); }), HasSubstr("films.csv: no such file"));
}

TEST_F(CatalogueFiles, TitlesStandByTheIndexOfTheirItem) {
  test::write_text(folder_ / "movies.csv",
                   "movieId,title,genres\n10,\"President, The\",Drama|Romance\n99,Unseen,War\n20,\"Say \"\"Yes\"\"\","
                   "(no genres listed)\n");
  test::write_text(folder_ / "directors.csv", "movie_id,title,year,directors\n30,x,1999,\"Ann One, Bo Two\"\n");
  const auto dataset = read();
  EXPECT_THAT(dataset.catalogue.titles, ElementsAre("Say \"Yes\"", "President, The", ""));
  EXPECT_THAT(dataset.catalogue.genres, ElementsAre("", "Drama|Romance", ""));
  EXPECT_THAT(dataset.catalogue.directors, ElementsAre("", "", "Ann One|Bo Two"));
  EXPECT_THAT(dataset.notes, ElementsAre("movies.csv: 1 lines belong to items without ratings"));
  EXPECT_EQ(dataset.inputs.size(), 3);
  EXPECT_THAT(input_files(spec_), ElementsAre((folder_ / "ratings.csv").string(), (folder_ / "movies.csv").string(),
                                              (folder_ / "directors.csv").string()));
}

TEST_F(CatalogueFiles, OldFormatsAreConvertedFromLatin1) {
  test::write_text(folder_ / "movies.dat.gz",
                   test::gzipped("20::Mis\xE9rables, Les (1995)::Drama\n10::Am\xC3\xA9lie::Comedy"));
  spec_.format = DatasetFormat::kMovielens1m;
  EXPECT_THAT(read().catalogue.titles, ElementsAre("Misérables, Les (1995)", "Amélie", ""));

  test::write_text(folder_ / "u.data", "1\t20\t5\t0\n");
  test::write_text(folder_ / "u.item",
                   "20|Mis\xE9rables (1995)|01-Jan-1995||http://x|0|0|0|0|0|1|0|0|1|0|0|0|0|0|0|0|0|0|1\n");
  spec_.format = DatasetFormat::kMovielens100k;
  const auto dataset = read();
  EXPECT_THAT(dataset.catalogue.titles, ElementsAre("Misérables (1995)"));
  EXPECT_THAT(dataset.catalogue.genres, ElementsAre("Comedy|Drama|Western"));
}

TEST_F(CatalogueFiles, GenresAreOptional) {
  test::write_text(folder_ / "movies.csv", "title,movieId\nTen,10\n");
  const auto dataset = read();
  EXPECT_THAT(dataset.catalogue.titles, ElementsAre("", "Ten", ""));
  EXPECT_THAT(dataset.catalogue.genres, ElementsAre("", "", ""));
}

TEST_F(CatalogueFiles, ProblemsAreNamedWithTheirLine) {
  const std::pair<const char*, const char*> cases[] = {
      {"movieId,title,genres\n10,Mis\xE9rables,Drama\n", "movies.csv:2: the line is not UTF-8: convert the file"},
      {"movieId,title,genres\n10,a\n", "movies.csv:2: expected 3 columns separated by \",\", found 2"},
      {"movieId,title,genres\n10,a,b\n99,c,d\n10,a,b\n", "movies.csv:4: the item 10 stands on line 2 already"},
      {"movieId,title,genres\n10,\"a,b\n", "movies.csv:2: a quotation mark is not closed"},
      {"movieId,name,genres\n10,a,b\n", "movies.csv:1: the header has no column title; it has: movieId, name, genres"},
      {"", "movies.csv: is empty"},
  };
  for (const auto& [text, expected] : cases) {
    test::write_text(folder_ / "movies.csv", text);
    EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { read(); }), HasSubstr(expected));
  }
}

}  // namespace
}  // namespace matinee::host
