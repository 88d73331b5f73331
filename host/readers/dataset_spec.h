#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/data/ratings.h"
#include "engine/parameters.h"

namespace matinee::host {

enum class DatasetFormat { kMovielens100k, kMovielens1m, kMovielensCsv, kDelimited, kSynthetic, kNoRatings };
enum class DuplicatePolicy { kError, kFirst, kLast };
enum class SplitKind { kNone, kRandom, kLeaveLastOut, kTemporal, kKFold, kFiles, kNcf };

// The `dataset.split` group.
struct SplitSpec {
  SplitKind kind = SplitKind::kNone;
  double test_share = 0.2;         // random, temporal
  int64_t folds = 5;               // k_fold
  int64_t repeats = 1;             // random, leave_last_out, temporal, ncf
  bool by_file_order = false;      // leave_last_out without timestamps
  std::vector<std::string> train;  // files: one file per fold; empty: all ratings that are not in the test file
  std::vector<std::string> test;   // files: one per fold; ncf: exactly one
  std::string negatives;           // ncf
  std::string item_map;            // ncf; empty: items are numbered by first appearance in the ratings

  void describe(engine::Parameters& parameters);
};

// The `dataset` group of a job file.
struct DatasetSpec {
  DatasetFormat format = DatasetFormat::kMovielensCsv;
  std::string path;       // folder, or the ratings file itself; the files below are relative to the folder
  std::string ratings;    // file name; empty: the format's usual names are tried
  std::string titles;     // likewise
  std::string directors;  // likewise
  // delimited
  std::string delimiter = ",";
  bool header = true;
  std::string user_column = "user", item_column = "item", rating_column = "rating", timestamp_column = "timestamp";
  std::optional<double> rating_step, rating_minimum, rating_maximum;  // none: the format's own
  DuplicatePolicy duplicates = DuplicatePolicy::kError;
  std::optional<double> positive_from;
  // synthetic
  int64_t users = 1000, items = 500, rating_count = 50000;
  int64_t synthetic_seed = 1;
  SplitSpec split;

  void describe(engine::Parameters& parameters);

  // The values that a rating of this dataset can take. Throws Error(kConfig) where step, minimum and maximum make no
  // grid of levels 0 .. 255.
  engine::RatingGrid grid() const;

  // Without a column of ratings every line is a rating of 1.
  bool has_implicit_ratings() const { return format == DatasetFormat::kDelimited && rating_column.empty(); }

 private:
  void describe_columns(engine::Parameters& parameters, bool format_known);
  void describe_synthetic(engine::Parameters& parameters, bool format_known);
  void check(engine::Parameters& parameters) const;
  void check_scale(engine::Parameters& parameters) const;
};

}  // namespace matinee::host
