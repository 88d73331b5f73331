#include "host/readers/dataset_spec.h"

#include <tuple>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/support/error.h"
#include "tests/support/checked_parameters.h"

namespace matinee::host {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// Keeps what is rejected instead of failing the test.
class Rejections : public test::CheckedParameters {
 public:
  void reject(std::string_view name, std::string_view) override { names.emplace_back(name); }
  void group(std::string_view, std::string_view, const std::function<void(Parameters&)>& describe) override {
    describe(*this);
  }
  void path(std::string_view, std::string&, std::string_view) override {}
  void one_of(std::string_view, int&, std::span<const std::string_view>, std::string_view) override {}
  void real(std::string_view, double&, engine::Range<double>, std::string_view, std::string_view) override {}
  void integer(std::string_view, int64_t&, engine::Range<int64_t>, std::string_view, std::string_view) override {}
  void text(std::string_view, std::string&, std::string_view) override {}
  void texts(std::string_view, std::vector<std::string>&, std::string_view) override {}
  void flag(std::string_view, bool&, std::string_view) override {}
  void optional_real(std::string_view, std::optional<double>&, engine::Range<double>, std::string_view,
                     std::string_view) override {}

  std::vector<std::string> names;
};

std::vector<std::string> rejected(DatasetSpec spec) {
  Rejections rejections;
  spec.describe(rejections);
  return rejections.names;
}

DatasetSpec folder() {
  DatasetSpec spec;
  spec.path = "ml";
  return spec;
}

TEST(DatasetSpec, DeclaresEveryParameterInOrder) {
  test::CheckedParameters checked;
  DatasetSpec spec = folder();
  spec.describe(checked);
}

TEST(DatasetSpec, AFolderIsNeededExceptForSyntheticData) {
  EXPECT_THAT(rejected(folder()), ElementsAre());
  EXPECT_THAT(rejected({}), ElementsAre("path"));
  DatasetSpec spec;
  spec.format = DatasetFormat::kSynthetic;
  EXPECT_THAT(rejected(spec), ElementsAre());
  spec.rating_count = spec.users - 1;
  EXPECT_THAT(rejected(spec), ElementsAre("ratings"));
  spec.rating_count = spec.users * spec.items;
  EXPECT_THAT(rejected(spec), ElementsAre());
  ++spec.rating_count;
  EXPECT_THAT(rejected(spec), ElementsAre("ratings"));
}

TEST(DatasetSpec, EachFormatHasItsGrid) {
  DatasetSpec spec = folder();
  EXPECT_EQ(spec.grid().step, 0.5);
  EXPECT_EQ(spec.grid().minimum_level, 1);
  EXPECT_EQ(spec.grid().maximum_level, 10);
  spec.format = DatasetFormat::kMovielens1m;
  EXPECT_EQ(spec.grid().step, 1);
  EXPECT_EQ(spec.grid().maximum_level, 5);
  spec.rating_step = 0.1;
  spec.rating_maximum = 10;
  EXPECT_EQ(spec.grid().minimum_level, 1);
  EXPECT_EQ(spec.grid().maximum_level, 100);
}

TEST(DatasetSpec, StepsThatMakeNoGridAreRejected) {
  const std::tuple<double, double, double> cases[] = {{0.5, 0.5, 4.8}, {0.5, 0.3, 5}, {0.5, 5, 5}, {0.01, 0.01, 5}};
  for (const auto& [step, minimum, maximum] : cases) {
    DatasetSpec spec = folder();
    spec.rating_step = step;
    spec.rating_minimum = minimum;
    spec.rating_maximum = maximum;
    EXPECT_THROW(spec.grid(), Error) << step << " " << minimum << " " << maximum;
    EXPECT_THAT(rejected(spec), ElementsAre("rating_step"));
  }
}

TEST(DatasetSpec, FilesAreNamedForTheKindsThatReadThemOnly) {
  DatasetSpec spec = folder();
  spec.split.kind = SplitKind::kFiles;
  EXPECT_THAT(rejected(spec), ElementsAre("test"));
  spec.split.test = {"u1.test", "u2.test"};
  EXPECT_THAT(rejected(spec), ElementsAre());
  spec.split.train = {"u1.base"};
  EXPECT_THAT(rejected(spec), ElementsAre("train"));
  spec.split.kind = SplitKind::kNcf;
  EXPECT_THAT(rejected(spec), UnorderedElementsAre("train", "test", "negatives"));
  spec.split.kind = SplitKind::kRandom;
  spec.split.negatives = spec.split.item_map = "x";
  EXPECT_THAT(rejected(spec), UnorderedElementsAre("test", "train", "negatives", "item_map"));
  spec = folder();
  spec.split.kind = SplitKind::kRandom;
  spec.split.test_share = 1;
  EXPECT_THAT(rejected(spec), ElementsAre("test_share"));
}

TEST(DatasetSpec, TheDelimiterCannotEndALineOrQuote) {
  for (const char* delimiter : {"", "\n", "a\r", "\""}) {
    DatasetSpec spec = folder();
    spec.format = DatasetFormat::kDelimited;
    spec.delimiter = delimiter;
    EXPECT_THAT(rejected(spec), Contains("delimiter"));
  }
}

TEST(DatasetSpec, WhatAFormatDoesNotUseMayOnlyHaveItsDefault) {
  DatasetSpec spec = folder();
  spec.delimiter = ";";
  spec.header = false;
  spec.item_column = "film";
  spec.users = 5;
  spec.rating_count = 1;  // no error of its own: nothing is drawn
  EXPECT_THAT(rejected(spec), UnorderedElementsAre("delimiter", "header", "item", "users", "ratings"));
  spec.users = 1000;
  spec.rating_count = 50000;
  spec.format = DatasetFormat::kDelimited;
  EXPECT_THAT(rejected(spec), IsEmpty());
  spec.rating_column = "";
  spec.rating_minimum = 1;
  EXPECT_THAT(rejected(spec), ElementsAre("rating_min"));
  spec = folder();
  spec.format = DatasetFormat::kSynthetic;
  spec.titles = "t.csv";
  spec.duplicates = DuplicatePolicy::kLast;
  spec.split.kind = SplitKind::kFiles;
  spec.split.test = {"u1.test"};
  EXPECT_THAT(rejected(spec), UnorderedElementsAre("path", "titles", "duplicates", "kind"));
}

TEST(DatasetSpec, WhatAKindOfSplitDoesNotUseMayOnlyHaveItsDefault) {
  DatasetSpec spec = folder();
  spec.split.kind = SplitKind::kLeaveLastOut;
  spec.split.by_file_order = true;
  EXPECT_THAT(rejected(spec), IsEmpty());
  spec.split.folds = 7;
  spec.split.test_share = 0.1;
  EXPECT_THAT(rejected(spec), UnorderedElementsAre("folds", "test_share"));
  spec.split.kind = SplitKind::kKFold;
  EXPECT_THAT(rejected(spec), UnorderedElementsAre("by_file_order", "test_share"));
}

TEST(DatasetSpec, NoRatingIsPositiveAboveTheScale) {
  DatasetSpec spec = folder();
  spec.positive_from = 5;
  EXPECT_THAT(rejected(spec), IsEmpty());
  spec.positive_from = 5.5;
  EXPECT_THAT(rejected(spec), ElementsAre("positive_from"));
  spec.rating_maximum = 6;
  EXPECT_THAT(rejected(spec), IsEmpty());
  spec = folder();
  spec.format = DatasetFormat::kDelimited;
  spec.rating_column = "";
  spec.positive_from = 2;
  EXPECT_THAT(rejected(spec), ElementsAre("positive_from"));
}

}  // namespace
}  // namespace matinee::host
