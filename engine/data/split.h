#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/data/ratings.h"

namespace matinee::engine {

// What one fold does with a rating.
enum class Role : uint8_t { kTrain, kTest, kUnused };

// Per fold, per rating of the dataset (in its order): its role.
struct Split {
  std::vector<std::vector<Role>> folds;
};

// Sampled ranking: per listed user the items that the held-out item is ranked against.
struct CandidateLists {
  std::vector<int32_t> users;          // rising, none twice
  std::vector<int64_t> offsets = {0};  // (users + 1)
  std::vector<int32_t> items;          // candidates, held-out items not among them
  int64_t dropped = 0;                 // listed negatives that were the held-out item itself
  std::string source;                  // the file's name, or how they were drawn
  std::string sha256;                  // of the file; empty where they were drawn
};

// One fold, ready for training and evaluation.
struct Fold {
  SparseRatings train;  // by user
  Ratings test;
  std::optional<CandidateLists> sampled;
};

// The ratings of one fold by role.
Fold select_fold(const Ratings& ratings, const std::vector<Role>& roles);

// All rights to all ratings: trains on everything, tests nothing.
Fold everything(const Ratings& ratings);

// Splits. Each throws Error(kConfig or kInput) where it cannot be made (a fold without test ratings, timestamps
// missing). Drawn by Philox from (seed, kSplit): same seed, same split, on every machine.
Split random_split(const Ratings& ratings, double test_share, uint64_t seed);
Split k_fold_split(const Ratings& ratings, int folds, uint64_t seed);
// The latest rating of each user who has at least two; ties by later place in the file. Without timestamps the order of
// the file is the order of time if `by_file_order`, else an error.
Split leave_last_out_split(const Ratings& ratings, bool by_file_order);
// The latest `test_share` of all ratings, cut at one moment: a rating at the very moment of the cut is tested.
Split temporal_split(const Ratings& ratings, double test_share);

}  // namespace matinee::engine
