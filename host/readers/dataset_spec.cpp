#include "host/readers/dataset_spec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "kernels/support/error.h"

namespace matinee::host {
namespace {

constexpr std::array<std::string_view, 5> kFormatNames = {"movielens_100k", "movielens_1m", "movielens_csv",
                                                          "delimited", "synthetic"};
constexpr std::array<std::string_view, 3> kDuplicateNames = {"error", "first", "last"};
constexpr std::array<std::string_view, 7> kSplitNames = {"none",  "random", "leave_last_out", "temporal", "k_fold",
                                                         "files", "ncf"};

constexpr double kLevelTolerance = 1e-9;

bool on_level(double value, double step) {
  const double level = value / step;
  return level >= 0 && level < 255.5 && std::abs(level - std::round(level)) <= kLevelTolerance * std::max(1.0, level);
}

}  // namespace

void SplitSpec::describe(engine::Parameters& p) {
  p.choice("kind", kind, kSplitNames,
           "How ratings are held out for testing: none (train on everything), random (a share of the ratings), "
           "leave_last_out (each user's latest rating), temporal (the latest share of all ratings), k_fold (every "
           "rating is tested once), files (given files), ncf (the fixed test and negative files of the neural "
           "collaborative filtering protocol).");
  p.real("test_share", test_share, {0, 1, true}, "share of the ratings", "Held out by random and temporal.");
  p.integer("folds", folds, {2, 100}, "folds", "Number of folds of k_fold.");
  p.flag("by_file_order", by_file_order,
         "leave_last_out without timestamps: the order of the ratings file is the order of time.");
  p.texts("train", train,
          "files: the training file of each fold, relative to dataset.path; none: every rating that is not tested.");
  p.texts("test", test, "files: the test file of each fold; ncf: the one test file; relative to dataset.path.");
  p.text("negatives", negatives, "ncf: the file of each user's sampled negatives, relative to dataset.path.");
  p.text("item_map", item_map,
         "ncf: csv file with the columns ncf_item and movie_id, relative to dataset.path; empty: items are numbered "
         "by their first appearance in the ratings.");

  const bool from_files = kind == SplitKind::kFiles || kind == SplitKind::kNcf;
  if (test_share >= 1) p.reject("test_share", "must be below 1: nothing would be left to train on");
  if (from_files && test.empty()) p.reject("test", "is needed by this kind of split: name the test file of each fold");
  if (!from_files && !test.empty()) p.reject("test", "is only used by the kinds files and ncf");
  if (kind != SplitKind::kFiles && !train.empty()) p.reject("train", "is only used by the kind files");
  if (kind == SplitKind::kFiles && !train.empty() && train.size() != test.size()) {
    p.reject("train", "must name as many files as test, or none");
  }
  if (kind == SplitKind::kNcf && test.size() > 1) p.reject("test", "must name exactly one file");
  if (kind == SplitKind::kNcf && negatives.empty()) p.reject("negatives", "is needed by the kind ncf");
  if (kind != SplitKind::kNcf && !negatives.empty()) p.reject("negatives", "is only used by the kind ncf");
  if (kind != SplitKind::kNcf && !item_map.empty()) p.reject("item_map", "is only used by the kind ncf");
}

void DatasetSpec::describe(engine::Parameters& p) {
  p.choice("format", format, kFormatNames,
           "What is read: movielens_100k (u.data), movielens_1m (ratings.dat, or ratings.csv), movielens_csv (20M and "
           "later), delimited (any text file with named columns), synthetic (drawn, no file). Every file may be "
           "compressed by gzip, with .gz after its name.");
  p.path("path", path, "Folder of the dataset, or its ratings file.");
  p.text("ratings", ratings, "The ratings file, relative to path; empty: the usual names of the format are tried.");
  p.text("titles", titles, "The titles file, relative to path; empty: the usual name, where there is such a file.");
  p.text("directors", directors,
         "The csv file of directors, relative to path; empty: directors.csv, where there is such a file.");
  p.text("delimiter", delimiter, "delimited: the text between two fields, one character or more.");
  p.flag("header", header, "delimited: the first line names the columns; else columns are named by number, from 1.");
  p.group("columns", "delimited: the names of the columns.", [this](engine::Parameters& columns) {
    columns.text("user", user_column, "Column of the user's id.");
    columns.text("item", item_column, "Column of the item's id.");
    columns.text("rating", rating_column, "Column of the rating; empty: implicit feedback, every line a rating of 1.");
    columns.text("timestamp", timestamp_column,
                 "Column of the time in whole seconds since 1970; empty: the file has none.");
  });
  p.optional_real("rating_step", rating_step, {0, 1e9, true}, "rating units",
                  "Distance of two neighbouring ratings; none: that of the format (1 for movielens_100k and "
                  "movielens_1m, else 0.5).");
  p.optional_real("rating_min", rating_minimum, {0, 1e9}, "rating units",
                  "Lowest rating, a multiple of rating_step; none: one step.");
  p.optional_real("rating_max", rating_maximum, {0, 1e9, true}, "rating units",
                  "Highest rating, a multiple of rating_step, at most 255 steps; none: 5.");
  p.choice("duplicates", duplicates, kDuplicateNames,
           "What to do where a user rated an item twice: error, or keep the first or the last rating of the file.");
  p.optional_real("positive_from", positive_from, {0, 1e9}, "rating units",
                  "Ratings from here on are positive for ranking metrics; none: every rating is.");
  p.group("synthetic", "synthetic: the size of the data.", [this](engine::Parameters& group) {
    constexpr int64_t kMostIds = 2'147'483'647;
    group.integer("users", users, {1, kMostIds}, "users", "Number of users, each with at least one rating.");
    group.integer("items", items, {1, kMostIds}, "items", "Number of items.");
    group.integer("ratings", rating_count, {1, 1'000'000'000'000}, "ratings", "Number of ratings, exactly.");
    group.integer("seed", synthetic_seed, {0}, "", "Seed of the draw.");
    if (rating_count < users) group.reject("ratings", "must be at least the number of users");
    if (rating_count / users > items || (rating_count / users == items && rating_count % users != 0)) {
      group.reject("ratings", "is more than users × items");
    }
  });
  p.group("split", "How ratings are held out for testing.",
          [this](engine::Parameters& group) { split.describe(group); });

  if (format != DatasetFormat::kSynthetic && path.empty()) p.reject("path", "is needed: name the folder of the data");
  if (delimiter.empty()) p.reject("delimiter", "must not be empty");
  if (delimiter.find_first_of("\"\r\n") != std::string::npos) {
    p.reject("delimiter", "must not contain a quotation mark or a line end");
  }
  try {
    (void)grid();
  } catch (const Error& error) {
    p.reject("rating_step", error.what());
  }
}

engine::RatingGrid DatasetSpec::grid() const {
  if (format == DatasetFormat::kDelimited && rating_column.empty()) return {1.0, 1, 1};
  const bool whole_stars = format == DatasetFormat::kMovielens100k || format == DatasetFormat::kMovielens1m;
  const double step = rating_step.value_or(whole_stars ? 1.0 : 0.5);
  const double minimum = rating_minimum.value_or(step);
  const double maximum = rating_maximum.value_or(5.0);
  if (!on_level(minimum, step) || !on_level(maximum, step) || maximum <= minimum) {
    fail(ErrorKind::kConfig,
         "ratings from {} to {} in steps of {} make no grid: rating_min and rating_max must be multiples of "
         "rating_step, rating_min below rating_max, at most 255 steps",
         minimum, maximum, step);
  }
  return {step, static_cast<int>(std::lround(minimum / step)), static_cast<int>(std::lround(maximum / step))};
}

}  // namespace matinee::host
