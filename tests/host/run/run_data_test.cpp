#include "host/run/run_data.h"

#include <gtest/gtest.h>

#include "engine/artifacts/file_writer.h"
#include "kernels/support/error.h"
#include "tests/support/temporary_folder.h"

namespace matinee::host {
namespace {

engine::Dataset small_dataset() {
  engine::Dataset dataset;
  for (const char* id : {"7", "a\tb"}) dataset.users.insert(id);
  for (const char* id : {"10", "20", "30"}) dataset.items.insert(id);
  engine::Ratings& ratings = dataset.ratings;
  ratings.user_count = 2;
  ratings.item_count = 3;
  ratings.users = {0, 0, 1, 1};
  ratings.items = {2, 0, 0, 1};
  ratings.levels = {10, 2, 6, 7};
  dataset.catalogue.titles = {"Été & hiver (1999)", "", "Tab\there"};
  dataset.notes = {"a note"};
  return dataset;
}

PreparedSplit one_fold() {
  using enum engine::Role;
  PreparedSplit split;
  split.split.folds = {{kTrain, kTest, kTrain, kUnused}};
  engine::CandidateLists lists;
  lists.users = {0};
  lists.offsets = {0, 1};
  lists.items = {1};
  lists.source = "negatives.txt";
  lists.sha256 = "abc";
  lists.dropped = 3;
  split.sampled = {lists};
  return split;
}

TEST(RunData, ComesBackAsItWasWritten) {
  const test::TemporaryFolder folder;
  write_run_data(folder.path(), small_dataset(), one_fold(), "how it was split");
  const RunData data = read_run_data(folder.path());
  EXPECT_EQ(data.users.id(1), "a\tb");
  EXPECT_EQ(data.items.find("30"), 2);
  EXPECT_EQ(data.catalogue.titles[0], "Été & hiver (1999)");
  EXPECT_EQ(data.catalogue.titles[2], "Tab\there");
  EXPECT_EQ(data.ratings, 4);
  EXPECT_EQ(data.ratings_per_level[6], 1);
  EXPECT_EQ(data.folds, 1);
  EXPECT_EQ(data.split, "how it was split");
  EXPECT_EQ(data.notes, std::vector<std::string>{"a note"});

  const engine::Fold fold = read_fold(folder.path(), data, 0);
  EXPECT_EQ(fold.train.size(), 2);
  EXPECT_EQ(fold.train.view().row_indices(0)[0], 2);
  EXPECT_EQ(fold.train.view().row_levels(1)[0], 6);
  ASSERT_EQ(fold.test.size(), 1);
  EXPECT_EQ(fold.test.items[0], 0);
  ASSERT_TRUE(fold.sampled);
  EXPECT_EQ(fold.sampled->items, std::vector<int32_t>{1});
  EXPECT_EQ(fold.sampled->sha256, "abc");
  EXPECT_EQ(fold.sampled->dropped, 3);
}

TEST(RunData, SeveralFoldsKeepAllRatingsForThePublishedModels) {
  using enum engine::Role;
  PreparedSplit split;
  split.split.folds = {{kTrain, kTest, kTrain, kTrain}, {kTest, kTrain, kTrain, kTrain}};
  split.sampled.resize(2);
  const test::TemporaryFolder folder;
  write_run_data(folder.path(), small_dataset(), split, "");
  const RunData data = read_run_data(folder.path());
  EXPECT_EQ(data.folds, 2);
  EXPECT_EQ(read_fold(folder.path(), data, 0).train.size(), 4);
  EXPECT_EQ(read_fold(folder.path(), data, 0).test.size(), 0);
  EXPECT_EQ(read_fold(folder.path(), data, 2).train.size(), 3);
  EXPECT_EQ(read_fold(folder.path(), data, 2).test.items[0], 2);
}

TEST(RunData, IndicesOutOfRangeAreRefusedBeforeAnythingReadsThem) {
  const test::TemporaryFolder folder;
  write_run_data(folder.path(), small_dataset(), one_fold(), "");
  const RunData data = read_run_data(folder.path());
  const std::vector<int64_t> offsets = {0, 1, 2};
  const std::vector<int32_t> items = {2, 3};  // there is no item 3
  const std::vector<uint8_t> levels = {1, 1};
  const std::vector<int64_t> columns = {3};
  engine::TensorWriter file;
  file.add("offsets", offsets);
  file.add("items", items);
  file.add("levels", levels);
  file.add("item_count", columns);
  file.write(folder.path() / "data/train.safetensors");
  EXPECT_THROW(read_fold(folder.path(), data, 0), Error);
}

TEST(RunData, AnIdMapWithAGapNamesItsLine) {
  const test::TemporaryFolder folder;
  write_run_data(folder.path(), small_dataset(), one_fold(), "");
  engine::write_file(folder.path() / "ids/users.tsv", "0\t7\n2\t8\n");
  try {
    read_run_data(folder.path());
    ADD_FAILURE() << "accepted";
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("users.tsv:2:"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace matinee::host
