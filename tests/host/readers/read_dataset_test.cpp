#include "host/readers/read_dataset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/support/philox.h"
#include "tests/support/random_seed.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class ReadDataset : public testing::Test {
 protected:
  engine::Dataset read(DatasetFormat format, const char* name, std::string_view text, int threads = 2) {
    test::write_text(folder_ / name, text);
    spec_.format = format;
    spec_.path = folder_.path().string();
    Context context({}, threads);
    return read_dataset(context, spec_);
  }

  engine::Dataset read_csv(std::string_view text, int threads = 2) {
    return read(DatasetFormat::kMovielensCsv, "ratings.csv", text, threads);
  }

  // The message that comes of ratings.csv with these lines below its header, without the folder.
  std::string problem_of(std::string_view lines) {
    const std::string text = "userId,movieId,rating,timestamp\n" + std::string(lines);
    std::string message = test::error_of(ErrorKind::kInput, [&] { read_csv(text); });
    const std::string prefix = (folder_.path() / "").string();
    EXPECT_THAT(message, testing::StartsWith(prefix));
    return message.substr(prefix.size());
  }

  static void expect_four_ratings(const engine::Dataset& dataset) {
    EXPECT_THAT(dataset.ratings.users, ElementsAre(0, 0, 1, 0));
    EXPECT_THAT(dataset.ratings.items, ElementsAre(0, 1, 0, 2));
    EXPECT_THAT(dataset.ratings.timestamps, ElementsAre(10, 20, 30, 40));
    EXPECT_EQ(dataset.users.id(0), "7");
    EXPECT_EQ(dataset.users.id(1), "3");
    EXPECT_EQ(dataset.items.id(2), "07");
    EXPECT_EQ(dataset.ratings.user_count, 2);
    EXPECT_EQ(dataset.ratings.item_count, 3);
    EXPECT_TRUE(dataset.notes.empty());
    ASSERT_EQ(dataset.inputs.size(), 1);
    EXPECT_EQ(dataset.inputs[0].sha256.size(), 64);
  }

  test::TemporaryFolder folder_;
  DatasetSpec spec_;
};

TEST_F(ReadDataset, MovieLens100k) {
  const auto dataset =
      read(DatasetFormat::kMovielens100k, "u.data", "7\t1\t5\t10\n7\t2\t1\t20\n3\t1\t4\t30\n7\t07\t2\t40\n");
  expect_four_ratings(dataset);
  EXPECT_THAT(dataset.ratings.levels, ElementsAre(5, 1, 4, 2));
  EXPECT_EQ(dataset.ratings.grid.step, 1);
  EXPECT_EQ(dataset.ratings.grid.maximum_level, 5);
}

TEST_F(ReadDataset, MovieLens1MInBothLayouts) {
  const auto dat =
      read(DatasetFormat::kMovielens1m, "ratings.dat", "7::1::5::10\n7::2::1::20\n3::1::4::30\n7::07::2::40\n");
  expect_four_ratings(dat);
  std::filesystem::remove(folder_ / "ratings.dat");
  const auto csv =
      read(DatasetFormat::kMovielens1m, "ratings.csv", "user_id,movie_id,rating\n7,1,5\n7,2,1\n3,1,4\n7,07,2\n");
  EXPECT_EQ(csv.ratings.users, dat.ratings.users);
  EXPECT_EQ(csv.ratings.levels, dat.ratings.levels);
  EXPECT_TRUE(csv.ratings.timestamps.empty());
}

TEST_F(ReadDataset, CsvWithHalfStarsInAnyOrderOfColumns) {
  const auto dataset = read_csv("rating,timestamp,userId,movieId\n5.0,10,7,1\n0.5,20,7,2\n4,30,3,1\n2.5,40,7,07\n");
  expect_four_ratings(dataset);
  EXPECT_THAT(dataset.ratings.levels, ElementsAre(10, 1, 8, 5));
}

TEST_F(ReadDataset, CrlfByteOrderMarkQuotesBlankEndAndMissingLineEnd) {
  expect_four_ratings(read_csv(
      "\xEF\xBB\xBFuserId,movieId,rating,timestamp\r\n7,1,5.0,10\r\n\"7\",\"2\",1,20\r\n3,1,4,30\r\n7,07,2,40\r\n"
      "\r\n\n"));
  expect_four_ratings(read_csv("userId,movieId,rating,timestamp\n7,1,5.0,10\n7,2,1,20\n3,1,4,30\n7,07,2,40"));
}

TEST_F(ReadDataset, GzipIsReadWhereThePlainFileIsMissing) {
  const std::string text = "userId,movieId,rating,timestamp\n7,1,5.0,10\n7,2,1,20\n3,1,4,30\n7,07,2,40";
  expect_four_ratings(read(DatasetFormat::kMovielensCsv, "ratings.csv.gz", test::gzipped(text)));
  EXPECT_THAT(input_files(spec_), ElementsAre((folder_ / "ratings.csv.gz").string()));
}

TEST_F(ReadDataset, DelimitedTextWithNamedColumnsAndAnotherGrid) {
  spec_.delimiter = " | ";
  spec_.user_column = "who";
  spec_.item_column = "what";
  spec_.rating_column = "score";
  spec_.timestamp_column = "when";
  spec_.rating_step = 0.1;
  spec_.rating_minimum = 0.0;
  spec_.rating_maximum = 10.0;
  spec_.ratings = "log.txt";
  const auto dataset = read(DatasetFormat::kDelimited, "log.txt",
                            "when | extra | who | what | score\n10 |  | 7 | 1 | 0.3\n20 | x | 7 | 2 | 10\n"
                            "30 | x | 3 | 1 | 0\n40 | x | 7 | 07 | 9.9\n");
  expect_four_ratings(dataset);
  EXPECT_THAT(dataset.ratings.levels, ElementsAre(3, 100, 0, 99));
}

TEST_F(ReadDataset, DelimitedTextWithoutHeaderNamesColumnsByNumber) {
  spec_.header = false;
  spec_.user_column = "2";
  spec_.item_column = "1";
  spec_.rating_column = "";
  spec_.timestamp_column = "3";
  spec_.ratings = "clicks.csv";
  const auto dataset = read(DatasetFormat::kDelimited, "clicks.csv", "1,7,10\n2,7,20\n1,3,30\n07,7,40\n");
  expect_four_ratings(dataset);
  EXPECT_THAT(dataset.ratings.levels, ElementsAre(1, 1, 1, 1));
  EXPECT_EQ(dataset.ratings.grid.maximum(), 1);
  spec_.user_column = "user";
  const std::string message =
      test::error_of(ErrorKind::kInput, [&] { read(DatasetFormat::kDelimited, "clicks.csv", "1,7,10\n"); });
  EXPECT_THAT(message, HasSubstr("clicks.csv:1: dataset.columns.user is \"user\""));
}

TEST_F(ReadDataset, IdsAreAnyText) {
  const auto dataset = read_csv("userId,movieId,rating\n3000000000,99999999999999999999999999,4\nÅsa,\"a, b\",4\n" +
                                std::string(255, 'x') + ",-1,4\n");
  EXPECT_EQ(dataset.users.id(0), "3000000000");
  EXPECT_EQ(dataset.items.id(0), "99999999999999999999999999");
  EXPECT_EQ(dataset.users.id(1), "Åsa");
  EXPECT_EQ(dataset.items.id(1), "a, b");
  EXPECT_EQ(dataset.users.id(2).size(), 255);
}

TEST_F(ReadDataset, BadIdsAreNamedWithTheirLine) {
  EXPECT_EQ(problem_of("1,1,4,0\n,1,4,0\n"), "ratings.csv:3: the user id is empty: fill it in, or remove the line");
  EXPECT_EQ(problem_of("1,\"\",4,0\n"), "ratings.csv:2: the item id is empty: fill it in, or remove the line");
  EXPECT_THAT(
      problem_of("1," + std::string(256, 'x') + ",4,0\n"),
      HasSubstr(
          "ratings.csv:2: the item id is 256 bytes long, more than 255: shorten it, or correct the columns: xxx"));
  EXPECT_EQ(problem_of("a\tb,1,4,0\n"),
            "ratings.csv:2: the user id \"a\\x09b\" holds a control character: take it out");
  EXPECT_EQ(problem_of("\xE9,1,4,0\n"), "ratings.csv:2: the user id \"\\xe9\" is not UTF-8: convert the file");
}

TEST_F(ReadDataset, BadRatingsAreNamedWithTheirLineAndTheRemedy) {
  EXPECT_EQ(problem_of("1,1,4,0\n1,2,good,0\n"),
            "ratings.csv:3: the rating \"good\" is not a number: correct it, or remove the line");
  EXPECT_EQ(problem_of("1,1,,0\n"), "ratings.csv:2: the rating \"\" is not a number: correct it, or remove the line");
  EXPECT_EQ(problem_of("1,1,4 ,0\n"),
            "ratings.csv:2: the rating \"4 \" is not a number: correct it, or remove the line");
  EXPECT_EQ(problem_of("1,1,1e999,0\n"),
            "ratings.csv:2: the rating \"1e999\" is not a number: correct it, or remove the line");
  for (const std::string text : {"nan", "NaN", "-nan", "inf", "-inf"}) {
    EXPECT_EQ(problem_of("1,1," + text + ",0\n"),
              "ratings.csv:2: the rating \"" + text + "\" is not a finite number: correct it, or remove the line");
  }
  EXPECT_EQ(problem_of("1,1,3.3,0\n"),
            "ratings.csv:2: the rating 3.3 is not a multiple of 0.5: correct it, or set dataset.rating_step");
  EXPECT_EQ(problem_of("1,1,5.5,0\n"),
            "ratings.csv:2: the rating 5.5 is not between 0.5 and 5: correct it, or set dataset.rating_max");
  EXPECT_EQ(problem_of("1,1,0,0\n"),
            "ratings.csv:2: the rating 0 is not between 0.5 and 5: correct it, or set dataset.rating_min");
  EXPECT_THAT(problem_of("1,1,-1e300,0\n"), HasSubstr("set dataset.rating_min"));
}

TEST_F(ReadDataset, BadLinesAreNamed) {
  EXPECT_EQ(problem_of("1,1,4\n"),
            "ratings.csv:2: expected 4 columns separated by \",\", found 3: correct or remove the line");
  EXPECT_EQ(problem_of("1,1,4,0,0\n"),
            "ratings.csv:2: expected 4 columns separated by \",\", found 5: correct or remove the line");
  EXPECT_EQ(problem_of("1,1,4,0\n\n1,2,4,0\n"), "ratings.csv:3: the line is blank: remove it");
  EXPECT_EQ(problem_of("1,1,4,1.5\n"),
            "ratings.csv:2: the timestamp \"1.5\" is not a whole number of seconds since 1970: correct it, or remove "
            "the line");
  EXPECT_EQ(problem_of("\"1,1,4,0\n"),
            "ratings.csv:2: a quotation mark is not closed on its line, or text follows it: correct the line");
  EXPECT_EQ(problem_of(""), "ratings.csv: holds a header but no ratings: is it the right file, and whole?");
}

TEST_F(ReadDataset, LinesThatEndInCarriageReturnsOnlyAreSaidToDoSo) {
  for (const char* text : {"userId,movieId,rating\r1,1,4\r1,2,4\r", "userId,movieId,rating\r1,1,4"}) {
    EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { read_csv(text); }),
                HasSubstr("ratings.csv:1: the lines end in carriage returns (CR) only: convert the file"));
  }
  EXPECT_EQ(read_csv("userId,movieId,rating\n1,1,4\r").ratings.size(), 1);
}

TEST_F(ReadDataset, AMissingColumnListsTheColumnsThereAre) {
  const std::string message = test::error_of(ErrorKind::kInput, [&] { read_csv("userId,film,rating\n1,1,1\n"); });
  EXPECT_THAT(message, HasSubstr("ratings.csv:1: the header has no column movieId or movie_id; it has: userId, film, "
                                 "rating; "));
}

TEST_F(ReadDataset, EmptyAndMissingFiles) {
  for (const char* text : {"", "\n\r\n", "\xEF\xBB\xBF"}) {
    EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { read_csv(text); }),
                HasSubstr("ratings.csv: is empty: ratings were expected"));
  }
  std::filesystem::remove(folder_ / "ratings.csv");
  Context context({}, 1);
  EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { read_dataset(context, spec_); }),
              HasSubstr("holds no ratings.csv (nor with .gz)"));
  spec_.titles = "films.csv";
  spec_.path = (folder_ / "none").string();
  EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { input_files(spec_); }), HasSubstr("no such file or folder"));
}

TEST_F(ReadDataset, APairThatIsRatedTwiceNamesBothLines) {
  const std::string lines = "1,1,4,0\n2,1,3,0\n1,2,2,0\n2,1,1,0\n1,1,5,0\n";
  EXPECT_EQ(problem_of(lines),
            "ratings.csv:5: user 2 rates item 1 again, after line 3: remove one, or set "
            "dataset.duplicates to first or last");
  const std::string text = "userId,movieId,rating,timestamp\n" + lines + "2,1,5,0\n";
  spec_.duplicates = DuplicatePolicy::kFirst;
  const auto first = read_csv(text);
  EXPECT_THAT(first.ratings.levels, ElementsAre(8, 6, 4));
  EXPECT_THAT(first.notes, ElementsAre(HasSubstr("3 ratings of a pair")));
  spec_.duplicates = DuplicatePolicy::kLast;
  const auto last = read_csv(text);
  EXPECT_THAT(last.ratings.levels, ElementsAre(4, 10, 10));
  EXPECT_THAT(last.ratings.users, ElementsAre(0, 0, 1));
  EXPECT_EQ(last.ratings.timestamps.size(), 3);
}

TEST_F(ReadDataset, IdsOfAnEarlierRunKeepTheirIndices) {
  engine::IdMap users, items;
  for (const char* id : {"9", "3"}) users.insert(id);
  for (const char* id : {"07", "gone"}) items.insert(id);
  test::write_text(folder_ / "ratings.csv", "userId,movieId,rating\n7,1,5\n3,07,4\n");
  spec_.path = folder_.path().string();
  Context context({}, 2);
  const auto dataset = read_dataset(context, spec_, {&users, &items});
  EXPECT_THAT(dataset.ratings.users, ElementsAre(2, 1));
  EXPECT_THAT(dataset.ratings.items, ElementsAre(2, 0));
  EXPECT_EQ(dataset.ratings.user_count, 3);
  EXPECT_EQ(dataset.ratings.item_count, 3);
  EXPECT_EQ(dataset.users.id(0), "9");
}

// Three blocks and more, so that ids and lines cross from block to block.
std::string long_csv(uint64_t seed) {
  std::string text = "userId,movieId,rating,timestamp\n";
  const Philox draws(seed, 5);
  for (uint64_t user = 0; user < 5000; ++user) {
    for (uint64_t n = 0; n < 100; ++n) {
      text += fmt::format("{},{},{},{}\n", user, n * 50 + draws.below(user * 100 + n, 50),
                          static_cast<double>(1 + (user + n) % 10) / 2, 1000000000 + user * n);
    }
  }
  return text;
}

TEST_F(ReadDataset, TheNumberOfThreadsChangesNothing) {
  const std::string text = long_csv(test::random_seed());
  ASSERT_GT(text.size(), std::size_t{10} << 20);
  const auto one = read_csv(text, 1), three = read_csv(text, 3);
  EXPECT_EQ(one.ratings.size(), 500000);
  EXPECT_EQ(one.ratings.users, three.ratings.users);
  EXPECT_EQ(one.ratings.items, three.ratings.items);
  EXPECT_EQ(one.ratings.levels, three.ratings.levels);
  EXPECT_EQ(one.ratings.timestamps, three.ratings.timestamps);
  for (int32_t item = 0; item < one.items.size(); ++item) ASSERT_EQ(one.items.id(item), three.items.id(item));
  for (int32_t user = 0; user < 5000; ++user) ASSERT_EQ(one.users.id(user), std::to_string(user));
}

TEST_F(ReadDataset, TheFirstProblemOfALongFileIsReportedWhateverTheThreads) {
  std::string text = long_csv(1);
  const std::size_t late = text.rfind("\n4999,") + 1, middle = text.find("\n2500,") + 1;
  text.replace(late, 4, ",,,,");
  text.replace(middle, 4, ",,,,");
  const std::string expected =
      "ratings.csv:250002: expected 4 columns separated by \",\", found 8: correct or remove the line";
  for (const int threads : {1, 2, 5}) {
    EXPECT_THAT(test::error_of(ErrorKind::kInput, [&] { read_csv(text, threads); }), HasSubstr(expected));
  }
  // An earlier line counts before the file's later damage.
  std::string packed = test::gzipped(text);
  packed.resize(packed.size() - 10);
  std::filesystem::remove(folder_ / "ratings.csv");
  for (const int threads : {1, 5}) {
    EXPECT_THAT(test::error_of(ErrorKind::kInput,
                               [&] { read(DatasetFormat::kMovielensCsv, "ratings.csv.gz", packed, threads); }),
                HasSubstr(".gz:250002: expected 4 columns"));
  }
}

TEST_F(ReadDataset, TheShapeOfASmallFileIsPredictedExactly) {
  test::write_text(folder_ / "ratings.csv", "userId,movieId,rating\n7,1,5\n3,07,4\n3,1,4\n");
  spec_.path = folder_.path().string();
  Context context({}, 2);
  const PredictedShape predicted = predict_shape(context, spec_);
  EXPECT_TRUE(predicted.exact);
  EXPECT_EQ(predicted.shape.users, 2);
  EXPECT_EQ(predicted.shape.items, 2);
  EXPECT_EQ(predicted.shape.ratings, 3);
  EXPECT_GT(predicted.reading_bytes, 0);
}

}  // namespace
}  // namespace matinee::host
