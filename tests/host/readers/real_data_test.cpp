#include "tests/support/real_data.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "host/readers/read_dataset.h"
#include "tests/support/paths.h"

namespace matinee::host {
namespace {

using engine::Role;

DatasetSpec ml_1m_ncf(const std::filesystem::path& folder) {
  DatasetSpec spec;
  spec.format = DatasetFormat::kMovielens1m;
  spec.path = folder.string();
  spec.split.kind = SplitKind::kNcf;
  spec.split.test = {"ml-1m.test.rating"};
  spec.split.negatives = "ml-1m.test.negative";
  return spec;
}

TEST(DatasetRealData, MovieLens1MWithTheFixedFilesOfNcf) {
  MATINEE_NEEDS_DATA(folder, "ml-1m");
  Context context({}, 2);
  const DatasetSpec spec = ml_1m_ncf(folder);
  const engine::Dataset dataset = read_dataset(context, spec);
  EXPECT_EQ(dataset.users.size(), 6040);
  EXPECT_EQ(dataset.items.size(), 3706);
  EXPECT_EQ(dataset.ratings.size(), 1000209);
  EXPECT_EQ(dataset.items.id(0), "1193");
  EXPECT_EQ(dataset.catalogue.titles[0], "One Flew Over the Cuckoo's Nest (1975)");
  EXPECT_EQ(dataset.catalogue.genres[0], "Drama");
  EXPECT_EQ(dataset.catalogue.titles[static_cast<std::size_t>(*dataset.items.find("73"))], "Misérables, Les (1995)");
  EXPECT_EQ(dataset.catalogue.directors[static_cast<std::size_t>(*dataset.items.find("29"))],
            "Marc Caro|Jean-Pierre Jeunet");
  EXPECT_EQ(dataset.notes.size(), 2);  // titles and directors of items without ratings

  const PreparedSplit prepared = make_split(context, dataset, spec, 1);
  ASSERT_EQ(prepared.split.folds.size(), 1);
  const engine::CandidateLists& lists = prepared.sampled.at(0).value();
  EXPECT_EQ(lists.users.size(), 6040);
  EXPECT_TRUE(std::is_sorted(lists.users.begin(), lists.users.end()));
  EXPECT_EQ(lists.dropped, 156);
  EXPECT_EQ(lists.items.size(), 6040 * 99 - 156);
  EXPECT_EQ(lists.sha256.size(), 64);
  const engine::Fold fold = select_fold(dataset.ratings, prepared.split.folds[0]);
  EXPECT_EQ(fold.train.size(), 994169);
  EXPECT_EQ(fold.test.size(), 6040);
  for (std::size_t user = 0; user < lists.users.size(); ++user) {
    const auto trained = fold.train.view().row_indices(lists.users[user]);
    for (int64_t n = lists.offsets[user]; n < lists.offsets[user + 1]; ++n) {
      ASSERT_FALSE(std::binary_search(trained.begin(), trained.end(), lists.items[static_cast<std::size_t>(n)]));
    }
  }
}

TEST(DatasetRealData, TheItemMapOfNcfAgreesWithFirstAppearance) {
  MATINEE_NEEDS_DATA(folder, "ml-1m");
  Context context({}, 2);
  DatasetSpec spec = ml_1m_ncf(folder);
  // Ids known from an earlier run, in another order, change no number of the protocol.
  engine::IdMap earlier;
  for (const char* id : {"661", "no longer there", "1193"}) earlier.insert(id);
  const engine::Dataset dataset = read_dataset(context, spec, {nullptr, &earlier});
  EXPECT_EQ(dataset.items.size(), 3707);
  const PreparedSplit plain = make_split(context, dataset, spec, 1);
  spec.split.item_map = "item_map.csv";
  const PreparedSplit mapped = make_split(context, dataset, spec, 1);
  EXPECT_EQ(plain.split.folds, mapped.split.folds);
  EXPECT_EQ(plain.sampled[0]->items, mapped.sampled[0]->items);
  EXPECT_EQ(mapped.inputs.size(), 3);
  EXPECT_EQ(input_files(spec).size(), 6);
}

TEST(DatasetRealData, TheFiveFoldsOfMovieLens100kAreDisjointAndComplete) {
  MATINEE_NEEDS_DATA(folder, "ml-100k");
  Context context({}, 2);
  DatasetSpec spec;
  spec.format = DatasetFormat::kMovielens100k;
  spec.path = folder.string();
  spec.split.kind = SplitKind::kFiles;
  for (const char* fold : {"u1", "u2", "u3", "u4", "u5"}) {
    spec.split.train.push_back(std::string(fold) + ".base");
    spec.split.test.push_back(std::string(fold) + ".test");
  }
  const engine::Dataset dataset = read_dataset(context, spec);
  EXPECT_EQ(dataset.users.size(), 943);
  EXPECT_EQ(dataset.items.size(), 1682);
  EXPECT_EQ(dataset.ratings.size(), 100000);
  const auto toy_story = static_cast<std::size_t>(*dataset.items.find("1"));
  EXPECT_EQ(dataset.catalogue.titles[toy_story], "Toy Story (1995)");
  EXPECT_EQ(dataset.catalogue.genres[toy_story], "Animation|Children's|Comedy");

  const PreparedSplit given = make_split(context, dataset, spec, 1);
  ASSERT_EQ(given.split.folds.size(), 5);
  for (std::size_t entry = 0; entry < 100000; ++entry) {
    int tested = 0, unused = 0;
    for (const auto& roles : given.split.folds) {
      tested += roles[entry] == Role::kTest;
      unused += roles[entry] == Role::kUnused;
    }
    ASSERT_EQ(tested, 1) << entry;
    ASSERT_EQ(unused, 0) << entry;
  }
  spec.split.train.clear();
  EXPECT_EQ(make_split(context, dataset, spec, 1).split.folds, given.split.folds);
}

TEST(DatasetRealData, TheCommittedRatingsReadCompletely) {
  Context context({}, 2);
  DatasetSpec spec;
  spec.path = (test::source_folder() / "datasets/ml-latest-small").string();
  const engine::Dataset dataset = read_dataset(context, spec);
  EXPECT_EQ(dataset.users.size(), 610);
  EXPECT_EQ(dataset.items.size(), 9724);
  EXPECT_EQ(dataset.ratings.size(), 100836);
  EXPECT_EQ(dataset.ratings.grid.minimum_level, 1);
  EXPECT_EQ(dataset.ratings.grid.maximum_level, 10);
  EXPECT_EQ(dataset.ratings.timestamps.size(), 100836);
  EXPECT_EQ(dataset.catalogue.titles[0], "Toy Story (1995)");
  EXPECT_EQ(dataset.catalogue.directors[0], "John Lasseter");
  ASSERT_EQ(dataset.inputs.size(), 3);
  const PredictedShape predicted = predict_shape(context, spec);
  EXPECT_TRUE(predicted.exact);
  EXPECT_EQ(predicted.shape.users, 610);
  EXPECT_EQ(predicted.shape.items, 9724);
  EXPECT_EQ(predicted.shape.ratings, 100836);
}

}  // namespace
}  // namespace matinee::host
