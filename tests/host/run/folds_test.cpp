#include "host/run/folds.h"

#include <gtest/gtest.h>

#include "engine/models/most_popular.h"
#include "engine/models/skip_gram.h"

namespace matinee::host {
namespace {

Job repeated(int64_t repeats) {
  Job job;
  job.seed = 42;
  job.dataset.split.kind = SplitKind::kNcf;
  job.dataset.split.repeats = repeats;
  return job;
}

TEST(Folds, AreThoseOfTheSplitOrItsRepeats) {
  SplitSpec split;
  EXPECT_EQ(fold_count(split), 0);
  for (const SplitKind kind : {SplitKind::kRandom, SplitKind::kLeaveLastOut, SplitKind::kTemporal, SplitKind::kNcf}) {
    split.kind = kind;
    split.repeats = 1;
    EXPECT_EQ(fold_count(split), 1);
    split.repeats = 3;
    EXPECT_EQ(fold_count(split), 3);
  }
  split.repeats = 1;
  split.kind = SplitKind::kKFold;
  split.folds = 7;
  EXPECT_EQ(fold_count(split), 7);
  split.kind = SplitKind::kFiles;
  split.test = {"u1.test", "u2.test"};
  EXPECT_EQ(fold_count(split), 2);
}

TEST(Folds, EachRepeatHasTheNextSeed) {
  const Job job = repeated(3);
  EXPECT_EQ(fold_seed(job, 0), 42);
  EXPECT_EQ(fold_seed(job, 1), 42);
  EXPECT_EQ(fold_seed(job, 2), 43);
  EXPECT_EQ(fold_seed(job, 3), 44);
}

TEST(Folds, OfOneSplitShareTheSeedOfTheJob) {
  Job job = repeated(1);
  job.dataset.split.kind = SplitKind::kKFold;
  EXPECT_EQ(fold_seed(job, 5), 42);
}

TEST(Folds, AModelOfTextsIsTrainedOnceForEachSeed) {
  Job job = repeated(3);
  ModelSpec texts, ratings;
  texts.model = std::make_unique<engine::SkipGram>();
  ratings.model = std::make_unique<engine::MostPopular>();
  EXPECT_EQ(trained_fold(job, texts, 1), 0);
  EXPECT_EQ(trained_fold(job, texts, 2), 2);
  EXPECT_EQ(trained_fold(job, ratings, 1), 1);
  job.dataset.split.repeats = 1;
  job.dataset.split.kind = SplitKind::kKFold;
  EXPECT_EQ(trained_fold(job, texts, 2), 0);
  EXPECT_EQ(trained_fold(job, ratings, 2), 2);
}

}  // namespace
}  // namespace matinee::host
