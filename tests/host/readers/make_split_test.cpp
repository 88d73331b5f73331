#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "host/readers/read_dataset.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/text_files.h"

namespace matinee::host {
namespace {

using engine::Role;
using testing::ElementsAre;
using testing::HasSubstr;

// Users 5 and 7, items a, b, c, d in this order of first appearance.
class MakeSplit : public testing::Test {
 protected:
  MakeSplit() {
    test::write_text(folder_ / "ratings.csv",
                     "userId,movieId,rating,timestamp\n5,a,4,1\n5,b,3,2\n7,c,5,3\n7,a,1,4\n7,d,2,5\n");
    spec_.path = folder_.path().string();
  }

  PreparedSplit split() {
    Context context({}, 2);
    return make_split(context, read_dataset(context, spec_), spec_, 1);
  }
  std::string problem() {
    return test::error_of(ErrorKind::kInput, [&] { split(); });
  }

  void use_files() {
    spec_.split.kind = SplitKind::kFiles;
    spec_.split.test = {"test.csv"};
  }
  void use_ncf() {
    spec_.split.kind = SplitKind::kNcf;
    spec_.split.test = {"test.rating"};
    spec_.split.negatives = "test.negative";
    test::write_text(folder_ / "test.rating", "1\t3\t2\t5\n0\t1\t3\t2\n");
    test::write_text(folder_ / "test.negative", "(1,3)\t1\t3\n(0,1)\t2\t3\n");
  }

  test::TemporaryFolder folder_;
  DatasetSpec spec_;
};

constexpr Role kTrain = Role::kTrain, kTest = Role::kTest, kUnused = Role::kUnused;

TEST_F(MakeSplit, KindsThatNeedNoFile) {
  EXPECT_TRUE(split().split.folds.empty());
  spec_.split.kind = SplitKind::kLeaveLastOut;
  EXPECT_THAT(split().split.folds, ElementsAre(ElementsAre(kTrain, kTest, kTrain, kTrain, kTest)));
  spec_.split.kind = SplitKind::kTemporal;
  spec_.split.test_share = 0.4;
  EXPECT_THAT(split().split.folds, ElementsAre(ElementsAre(kTrain, kTrain, kTrain, kTest, kTest)));
  spec_.split.kind = SplitKind::kRandom;
  EXPECT_EQ(split().split.folds.size(), 1);
  spec_.split.kind = SplitKind::kKFold;
  const auto prepared = split();
  EXPECT_EQ(prepared.split.folds.size(), 5);
  EXPECT_EQ(prepared.sampled.size(), 5);
  EXPECT_FALSE(prepared.sampled[0].has_value());
}

TEST_F(MakeSplit, IsRepeatedOnSplitsOfTheNextSeedsWhereItIsDrawn) {
  spec_.split.kind = SplitKind::kRandom;
  Context context({}, 2);
  const engine::Dataset dataset = read_dataset(context, spec_);
  const auto alone = [&](uint64_t seed) {
    spec_.split.repeats = 1;
    return make_split(context, dataset, spec_, seed).split.folds.front();
  };
  const auto first = alone(5), second = alone(6), third = alone(7);
  spec_.split.repeats = 3;
  const PreparedSplit repeated = make_split(context, dataset, spec_, 5);
  EXPECT_THAT(repeated.split.folds, ElementsAre(first, second, third));
  EXPECT_EQ(repeated.sampled.size(), 3);
}

TEST_F(MakeSplit, IsRepeatedOnTheSameSplitWhereNothingIsDrawn) {
  use_ncf();
  const PreparedSplit once = split();
  spec_.split.repeats = 2;
  const PreparedSplit repeated = split();
  EXPECT_THAT(repeated.split.folds, ElementsAre(once.split.folds.front(), once.split.folds.front()));
  ASSERT_EQ(repeated.sampled.size(), 2);
  EXPECT_EQ(repeated.sampled[1].value().items, once.sampled[0].value().items);
  EXPECT_EQ(repeated.inputs.size(), once.inputs.size());
}

TEST_F(MakeSplit, FilesNameTheRatingsOfEachSide) {
  use_files();
  test::write_text(folder_ / "test.csv", "userId,movieId,rating\n7,d,2\n5,a,4\n");
  EXPECT_THAT(split().split.folds, ElementsAre(ElementsAre(kTest, kTrain, kTrain, kTrain, kTest)));
  test::write_text(folder_ / "train.csv", "userId,movieId,rating\n7,a,1\n5,b,3\n");
  spec_.split.train = {"train.csv"};
  const auto prepared = split();
  EXPECT_THAT(prepared.split.folds, ElementsAre(ElementsAre(kTest, kTrain, kUnused, kTrain, kTest)));
  EXPECT_EQ(prepared.inputs.size(), 2);
}

TEST_F(MakeSplit, SplitFilesMustAgreeWithTheRatings) {
  use_files();
  const auto with = [&](const char* line) {
    test::write_text(folder_ / "test.csv", "userId,movieId,rating\n7,a,1\n" + std::string(line));
    return problem();
  };
  EXPECT_THAT(with("5,c,4\n"), HasSubstr("test.csv:3: user 5, item c: the ratings hold no such pair"));
  EXPECT_THAT(with("6,a,4\n"), HasSubstr("test.csv:3: user 6, item a: the ratings hold no such pair"));
  EXPECT_THAT(with("5,a,3.5\n"), HasSubstr("test.csv:3: user 5, item a: the rating is 3.5 here and 4 in the ratings"));
  EXPECT_THAT(with("7,a,1\n"), HasSubstr("test.csv:3: user 7, item a: the pair stands twice in this file"));
  EXPECT_THAT(with("5,a\n"), HasSubstr("test.csv:3: expected 3 columns"));
  test::write_text(folder_ / "test.csv", "userId,movieId,rating\n7,a,1\n");
  test::write_text(folder_ / "train.csv", "userId,movieId,rating\n5,a,4\n7,a,1\n");
  spec_.split.train = {"train.csv"};
  EXPECT_THAT(problem(), HasSubstr("train.csv:3: user 7, item a: the pair is in the test file of this fold too"));
  spec_.split.train = {"none.csv"};
  EXPECT_THAT(problem(), HasSubstr("none.csv: no such file"));
}

TEST_F(MakeSplit, NcfNumbersByFirstAppearanceAndDropsTheHeldOutItem) {
  use_ncf();
  const auto prepared = split();
  EXPECT_THAT(prepared.split.folds, ElementsAre(ElementsAre(kTrain, kTest, kTrain, kTrain, kTest)));
  const engine::CandidateLists& lists = prepared.sampled.at(0).value();
  EXPECT_THAT(lists.users, ElementsAre(0, 1));
  EXPECT_THAT(lists.offsets, ElementsAre(0, 2, 3));
  EXPECT_THAT(lists.items, ElementsAre(2, 3, 1));
  EXPECT_EQ(lists.dropped, 1);
  EXPECT_EQ(lists.source, "test.negative");
  EXPECT_EQ(lists.sha256.size(), 64);
}

TEST_F(MakeSplit, NcfItemsCanBeNumberedByAMap) {
  use_ncf();
  spec_.split.item_map = "map.csv";
  test::write_text(folder_ / "map.csv", "ncf_item,movie_id\n0,d\n1,b\n2,never rated\n3,a\n");
  test::write_text(folder_ / "test.rating", "1\t0\t2\t5\n");
  test::write_text(folder_ / "test.negative", "(1,0)\t1\t3\n");
  const auto prepared = split();
  EXPECT_THAT(prepared.split.folds, ElementsAre(ElementsAre(kTrain, kTrain, kTrain, kTrain, kTest)));
  EXPECT_THAT(prepared.sampled[0]->items, ElementsAre(1, 0));
  test::write_text(folder_ / "test.negative", "(1,0)\t2\n");
  EXPECT_THAT(problem(), HasSubstr("test.negative:1: item number 2 is not among"));
  test::write_text(folder_ / "map.csv", "ncf_item,movie_id\n0,d\n2,b\n");
  EXPECT_THAT(problem(), HasSubstr("map.csv:3: expected item number 1, found \"2\""));
}

TEST_F(MakeSplit, NcfTestLinesMustBeRatings) {
  const std::pair<const char*, const char*> cases[] = {
      {"0\t3\t4\t1\n", "test.rating:1: user 5 has no rating of item d"},
      {"1\t3\t3\t1\n", "test.rating:1: the rating of user 7 and item d is 3 here and 2 in the ratings"},
      {"1\t3\tnan\t1\n", "test.rating:1: the rating of user 7"},
      {"1\t3\t2\t5\n1\t0\t1\t4\n", "test.rating:2: user number 1 is tested twice"},
      {"2\t3\t2\t5\n", "test.rating:1: user number 2 is not among the 2 of the ratings"},
      {"1\tx\t2\t5\n", "test.rating:1: \"x\" is not a number of item"},
      {"1\t3\n", "test.rating:1: expected user, item, rating and timestamp separated by tabs, found 2 columns"},
      {"", "test.rating: is empty"},
  };
  use_ncf();
  for (const auto& [text, expected] : cases) {
    test::write_text(folder_ / "test.rating", text);
    EXPECT_THAT(problem(), HasSubstr(expected));
  }
}

TEST_F(MakeSplit, NcfNegativesMustMatchTheTestFile) {
  const std::pair<const char*, const char*> cases[] = {
      {"(1,3)\t1\n(0,2)\t3\n", "test.negative:2: the pair (0,2) is not in the test file"},
      {"(1,3)\t1\n(1,3)\t2\n", "test.negative:2: the pair (1,3) is listed twice"},
      {"(1,3)\t1\n", "test.negative: has no line for user 5, who is tested"},
      {"1,3\t1\n", "test.negative:1: expected (user,item) and the negatives"},
      {"(1,3)\t9\n", "test.negative:1: item number 9 is not among the 4 of the ratings"},
      {"(1,3)\t-1\n", "test.negative:1: \"-1\" is not a number of item"},
  };
  use_ncf();
  for (const auto& [text, expected] : cases) {
    test::write_text(folder_ / "test.negative", text);
    EXPECT_THAT(problem(), HasSubstr(expected));
  }
}

}  // namespace
}  // namespace matinee::host
