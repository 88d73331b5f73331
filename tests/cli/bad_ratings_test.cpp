// What `matinee train` says of ratings that it cannot use: file, line and remedy, exit 3; the published run stays.
#include <algorithm>

#include <gmock/gmock.h>

#include "tests/support/command_line.h"
#include "tests/support/text_files.h"

namespace matinee::test {
namespace {

constexpr int kInput = 3;

class BadRatings : public PublishedBefore {
 protected:
  static constexpr const char* kHeader =
      "userId,movieId,rating,timestamp\n1,1,4.5,10\n1,2,3,11\n2,1,2.5,12\n2,2,3,13\n";

  void expect_refused_ratings(std::string_view text, const std::vector<std::string>& words) const {
    write("bad/ratings.csv", text);
    expect_refused({"train", "job.json", "--set", "dataset.path=bad"}, kInput, words);
  }
  void expect_refused_line(const std::string& line, std::vector<std::string> words) const {
    words.push_back("bad/ratings.csv:6: ");
    expect_refused_ratings(kHeader + line + "\n3,1,4,20\n", words);
  }
};

TEST_F(BadRatings, AMissingFolderIsNamed) {
  expect_refused({"train", "job.json", "--set", "dataset.path=nowhere"}, kInput,
                 {at("nowhere").string(), "no such file or folder", "dataset.path"});
}

TEST_F(BadRatings, AFolderWithoutRatingsIsNamedWithTheFilesThatWereTried) {
  write("bad/notes.txt", "nothing");
  expect_refused({"train", "job.json", "--set", "dataset.path=bad"}, kInput,
                 {at("bad").string(), "ratings.csv", "dataset.ratings"});
}

TEST_F(BadRatings, AnEmptyFileAndALoneHeaderHoldNoRatings) {
  expect_refused_ratings("", {"bad/ratings.csv: is empty"});
  expect_refused_ratings("userId,movieId,rating,timestamp\n", {"bad/ratings.csv: holds a header but no ratings"});
}

TEST_F(BadRatings, ATruncatedGzipFileIsNotReadAsAShorterOne) {
  const std::string packed = gzipped(ratings());
  write("bad/ratings.csv.gz", packed.substr(0, packed.size() / 2));
  expect_refused({"train", "job.json", "--set", "dataset.path=bad"}, kInput,
                 {"bad/ratings.csv.gz", "ends early", "truncated", "copy it again"});
}

TEST_F(BadRatings, AMissingColumnIsNamedWithThoseThatTheHeaderHas) {
  expect_refused_ratings("userId,film,rating,timestamp\n1,1,4,10\n", {"bad/ratings.csv:1: ", "movieId", "film"});
}

TEST_F(BadRatings, AWrongNumberOfColumnsIsToldWithItsLine) {
  expect_refused_line("1,2,3", {"expected 4 columns separated by \",\", found 3"});
}

TEST_F(BadRatings, ARatingIsAFiniteNumber) {
  expect_refused_line("5,2,good,14", {"the rating \"good\" is not a number"});
  expect_refused_line("5,2,nan,14", {"the rating \"nan\" is not a finite number"});
  expect_refused_line("5,2,inf,14", {"the rating \"inf\" is not a finite number"});
}

TEST_F(BadRatings, WhatIsMissingInALineIsNamedWithTheRemedy) {
  expect_refused_line(",2,3,14", {"the user id is empty: fill it in, or remove the line"});
  expect_refused_line("", {"the line is blank: remove it"});
  expect_refused_line("5,2,3,noon", {"the timestamp \"noon\" is not a whole number", "remove the line"});
}

TEST_F(BadRatings, LinesThatEndInCarriageReturnsOnlyAreSaidToDoSo) {
  std::string text = ratings();
  std::replace(text.begin(), text.end(), '\n', '\r');
  expect_refused_ratings(text, {"bad/ratings.csv:1: ", "carriage returns (CR) only", "convert the file"});
}

TEST_F(BadRatings, ATestFileThatOnlyTheDatasetHasIsToldFromOneOfTheWorkingDirectory) {
  write("good/held.csv", "userId,movieId,rating,timestamp\n1,1,4,10\n");
  expect_refused({"train", "job.json", "--set", "dataset.split.kind=files", "--set", "dataset.split.test=held.csv"},
                 kInput,
                 {at("held.csv").string() + ": no such file", "relative to the working directory",
                  "give " + at("good/held.csv").string()});
}

TEST_F(BadRatings, ARatingOffTheGridNamesTheParameterOfTheGrid) {
  expect_refused_line("5,2,3.25,14", {"3.25 is not a multiple of 0.5", "dataset.rating_step"});
  expect_refused_line("5,2,5.5,14", {"5.5", "dataset.rating_max"});
}

TEST_F(BadRatings, ADuplicateNamesBothLinesAndHowToChooseOne) {
  expect_refused_line("1,2,4,14", {"user 1 rates item 2 again, after line 3", "dataset.duplicates"});
  done({"train", "job.json", "--set", "dataset.path=bad", "--set", "dataset.duplicates=last", "--output", "other"});
}

// Ratings that look odd and are in order.
using OddRatings = CommandLine;

TEST_F(OddRatings, TitlesNeedNoGenres) {
  write("good/movies.csv", "movieId,title\n1,The First\n");
  done({"train", "job.json"});
  EXPECT_THAT(done({"similar", "runs", "--item", "1", "--model", "cf"}), testing::HasSubstr("The First"));
}

TEST_F(OddRatings, LineEndsByteOrderMarksAndGzipChangeNoRecommendation) {
  const std::string plain = ratings();
  std::string carriage;
  for (const char letter : plain) carriage += letter == '\n' ? std::string("\r\n") : std::string(1, letter);
  write("carriage/ratings.csv", carriage);
  write("mark/ratings.csv", "\xEF\xBB\xBF" + plain);
  write("gzip/ratings.csv.gz", gzipped(plain));
  const auto recommended = [&](const std::string& data) {
    done({"train", "job.json", "--set", "dataset.path=" + data, "--output", "runs_" + data});
    const auto files = deterministic_files("runs_" + data + "/current");
    return files.at("recommendations/mf.tsv") + files.at("recommendations/cf.tsv") + files.at("metrics.json");
  };
  const std::string expected = recommended("good");
  for (const char* data : {"carriage", "mark", "gzip"}) EXPECT_EQ(recommended(data), expected) << data;
}

TEST_F(OddRatings, IdsBeyondThirtyTwoAndSixtyFourBitsAreIdsLikeOthers) {
  const std::vector<std::string> users = {"4294967301", "9223372036854775813", "18446744073709551629", "7"};
  std::string text = "userId,movieId,rating,timestamp\n";
  for (std::size_t user = 0; user < users.size(); ++user) {
    for (int item = 0; item < 5; ++item) {
      if (item == static_cast<int>(user)) continue;  // something to recommend
      text += users[user] + ",922337203685477580" + std::to_string(item) + ",4," + std::to_string(10 + item) + "\n";
    }
  }
  write("large/ratings.csv", text);
  done({"train", "job.json", "--set", "dataset.path=large"});
  for (std::size_t user = 0; user < users.size(); ++user) {
    const std::string list = done({"recommend", "runs", "--user", users[user], "--model", "popular"});
    EXPECT_THAT(list, testing::HasSubstr("922337203685477580" + std::to_string(user))) << users[user];
  }
  EXPECT_THAT(done({"similar", "runs", "--item", "9223372036854775800", "--model", "cf"}),
              testing::HasSubstr("9223372036854775801"));
}

}  // namespace
}  // namespace matinee::test
