#include "host/readers/dataset_spec.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include <fmt/ranges.h>

#include "kernels/support/error.h"

namespace matinee::host {
namespace {

constexpr std::array<std::string_view, 6> kFormatNames = {"movielens_100k", "movielens_1m", "movielens_csv",
                                                          "delimited",      "synthetic",    "none"};
constexpr std::array<std::string_view, 3> kDuplicateNames = {"error", "first", "last"};
constexpr std::array<std::string_view, 7> kSplitNames = {"none",  "random", "leave_last_out", "temporal", "k_fold",
                                                         "files", "ncf"};

constexpr double kLevelTolerance = 1e-9;

bool on_level(double value, double step) {
  const double level = value / step;
  return level >= 0 && level < 255.5 && std::abs(level - std::round(level)) <= kLevelTolerance * std::max(1.0, level);
}

// A parameter that only some values of the parameter `choice` use may only have its default with the others, as in a
// resolved job, which names every parameter.
template <typename E>
void reject_unused(engine::Parameters& p, std::string_view name, bool is_default, std::string_view group,
                   std::string_view choice, E chosen, std::initializer_list<E> users,
                   std::span<const std::string_view> names) {
  if (is_default || std::ranges::find(users, chosen) != users.end()) return;
  const auto name_of = [&](E value) { return names[static_cast<std::size_t>(value)]; };
  std::vector<std::string_view> right;
  for (const E user : users) right.push_back(name_of(user));
  p.reject(name, fmt::format("has no effect where {}.{} is \"{}\", only where it is {}: remove it, or change {}", group,
                             choice, name_of(chosen), fmt::join(right, " or "), choice));
}

}  // namespace

void SplitSpec::describe(engine::Parameters& p) {
  const SplitSpec standard;
  p.choice("kind", kind, kSplitNames,
           "How ratings are held out for testing: none (train on everything), random (a share of the ratings), "
           "leave_last_out (each user's latest rating), temporal (the latest share of all ratings), k_fold (every "
           "rating is tested once), files (given files), ncf (the fixed test and negative files of the neural "
           "collaborative filtering protocol).");
  p.real("test_share", test_share, {0, 1, true}, "share of the ratings", "Held out by random and temporal.");
  p.integer("folds", folds, {2, 100}, "folds", "Number of folds of k_fold.");
  p.integer("repeats", repeats, {1, 100}, "repeats",
            "random, leave_last_out, temporal, ncf: how often every model is trained and evaluated, each time with the "
            "next seed: on a split of its own where the split is random, on the same one where it is not. The report "
            "has means and standard deviations; the published models are then trained on all ratings.");
  p.flag("by_file_order", by_file_order,
         "leave_last_out without timestamps: the order of the ratings file is the order of time.");
  p.data_files("train", train,
               "files: the training file of each fold, relative to dataset.path; none: every rating that is not "
               "tested.");
  p.data_files("test", test, "files: the test file of each fold; ncf: the one test file; relative to dataset.path.");
  p.data_file("negatives", negatives, "ncf: the file of each user's sampled negatives, relative to dataset.path.");
  p.data_file("item_map", item_map,
              "ncf: csv file with the columns ncf_item and movie_id, relative to dataset.path; empty: items are "
              "numbered by their first appearance in the ratings.");
  if (p.refused("kind")) return;

  const bool from_files = kind == SplitKind::kFiles || kind == SplitKind::kNcf;
  if (test_share >= 1) p.reject("test_share", "must be below 1: nothing would be left to train on");
  if (from_files && test.empty()) p.reject("test", "is needed by this kind of split: name the test file of each fold");
  if (kind == SplitKind::kFiles && !train.empty() && train.size() != test.size()) {
    p.reject("train", "must name as many files as test, or none");
  }
  if (kind == SplitKind::kNcf && test.size() > 1) p.reject("test", "must name exactly one file");
  if (kind == SplitKind::kNcf && negatives.empty()) p.reject("negatives", "is needed by the kind ncf");

  const auto only_for = [&](std::string_view name, bool is_default, std::initializer_list<SplitKind> kinds) {
    reject_unused(p, name, is_default, "split", "kind", kind, kinds, kSplitNames);
  };
  only_for("test_share", test_share == standard.test_share, {SplitKind::kRandom, SplitKind::kTemporal});
  only_for("folds", folds == standard.folds, {SplitKind::kKFold});
  only_for("repeats", repeats == standard.repeats,
           {SplitKind::kRandom, SplitKind::kLeaveLastOut, SplitKind::kTemporal, SplitKind::kNcf});
  only_for("by_file_order", by_file_order == standard.by_file_order, {SplitKind::kLeaveLastOut});
  only_for("test", test.empty(), {SplitKind::kFiles, SplitKind::kNcf});
  only_for("train", train.empty(), {SplitKind::kFiles});
  only_for("negatives", negatives.empty(), {SplitKind::kNcf});
  only_for("item_map", item_map.empty(), {SplitKind::kNcf});
}

void DatasetSpec::describe(engine::Parameters& p) {
  p.choice("format", format, kFormatNames,
           "What is read: movielens_100k (u.data), movielens_1m (ratings.dat, or ratings.csv), movielens_csv (20M and "
           "later), delimited (any text file with named columns), synthetic (drawn, no file), none (no ratings, for "
           "jobs whose models learn from text files alone). Every file may be "
           "compressed by gzip, with .gz after its name.");
  p.path("path", path, "Folder of the dataset, or its ratings file.");
  p.data_file("ratings", ratings,
              "The ratings file, relative to path; empty: the usual names of the format are tried.");
  p.data_file("titles", titles,
              "The titles file, relative to path; empty: the usual name, where there is such a file.");
  p.data_file("directors", directors,
              "The csv file of directors, relative to path; empty: directors.csv, where there is such a file.");
  p.text("delimiter", delimiter, "delimited: the text between two fields, one character or more.");
  p.flag("header", header, "delimited: the first line names the columns; else columns are named by number, from 1.");
  const bool known = !p.refused("format");
  p.group("columns", "delimited: the names of the columns.",
          [&](engine::Parameters& columns) { describe_columns(columns, known); });
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
  p.group("synthetic", "synthetic: the size of the data.",
          [&](engine::Parameters& group) { describe_synthetic(group, known); });
  p.group("split", "How ratings are held out for testing.", [&](engine::Parameters& group) {
    split.describe(group);
    if (known && format == DatasetFormat::kNoRatings && split.kind != SplitKind::kNone) {
      group.reject("kind", "there are no ratings to hold out, the format is \"none\": remove it");
    }
    if (known && format == DatasetFormat::kSynthetic &&
        (split.kind == SplitKind::kFiles || split.kind == SplitKind::kNcf)) {
      group.reject("kind", "splits ratings that are read from files, and the format is \"synthetic\": choose another");
    }
  });
  if (known) check(p);
}

void DatasetSpec::describe_columns(engine::Parameters& p, bool format_known) {
  const DatasetSpec standard;
  p.text("user", user_column, "Column of the user's id.");
  p.text("item", item_column, "Column of the item's id.");
  p.text("rating", rating_column, "Column of the rating; empty: implicit feedback, every line a rating of 1.");
  p.text("timestamp", timestamp_column, "Column of the time in whole seconds since 1970; empty: the file has none.");
  if (!format_known) return;
  const auto only_delimited = [&](std::string_view name, bool is_default) {
    reject_unused(p, name, is_default, "dataset", "format", format, {DatasetFormat::kDelimited}, kFormatNames);
  };
  only_delimited("user", user_column == standard.user_column);
  only_delimited("item", item_column == standard.item_column);
  only_delimited("rating", rating_column == standard.rating_column);
  only_delimited("timestamp", timestamp_column == standard.timestamp_column);
}

void DatasetSpec::describe_synthetic(engine::Parameters& p, bool format_known) {
  constexpr int64_t kMostIds = 2'147'483'647;
  const DatasetSpec standard;
  p.integer("users", users, {1, kMostIds}, "users", "Number of users, each with at least one rating.");
  p.integer("items", items, {1, kMostIds}, "items", "Number of items.");
  p.integer("ratings", rating_count, {1, 1'000'000'000'000}, "ratings", "Number of ratings, exactly.");
  p.integer("seed", synthetic_seed, {0}, "", "Seed of the draw.");
  if (!format_known) return;
  const auto only_synthetic = [&](std::string_view name, bool is_default) {
    reject_unused(p, name, is_default, "dataset", "format", format, {DatasetFormat::kSynthetic}, kFormatNames);
  };
  only_synthetic("users", users == standard.users);
  only_synthetic("items", items == standard.items);
  only_synthetic("ratings", rating_count == standard.rating_count);
  only_synthetic("seed", synthetic_seed == standard.synthetic_seed);
  if (format != DatasetFormat::kSynthetic) return;
  if (rating_count < users) p.reject("ratings", "must be at least the number of users");
  if (rating_count / users > items || (rating_count / users == items && rating_count % users != 0)) {
    p.reject("ratings", "is more than users × items");
  }
}

// What one parameter alone cannot tell.
void DatasetSpec::check(engine::Parameters& p) const {
  const DatasetSpec standard;
  using enum DatasetFormat;
  const auto only_for = [&](std::string_view name, bool is_default, std::initializer_list<DatasetFormat> formats) {
    reject_unused(p, name, is_default, "dataset", "format", format, formats, kFormatNames);
  };
  const auto only_read = [&](std::string_view name, bool is_default) {
    only_for(name, is_default, {kMovielens100k, kMovielens1m, kMovielensCsv, kDelimited});
  };
  if (format != kSynthetic && format != kNoRatings && path.empty())
    p.reject("path", "is needed: name the folder of the data");
  only_read("path", path.empty());
  only_read("ratings", ratings.empty());
  only_read("titles", titles.empty());
  only_read("directors", directors.empty());
  only_read("duplicates", duplicates == standard.duplicates);
  only_for("delimiter", delimiter == standard.delimiter, {kDelimited});
  only_for("header", header == standard.header, {kDelimited});
  if (delimiter.empty()) p.reject("delimiter", "must not be empty");
  if (delimiter.find_first_of("\"\r\n") != std::string::npos) {
    p.reject("delimiter", "must not contain a quotation mark or a line end");
  }
  check_scale(p);
}

void DatasetSpec::check_scale(engine::Parameters& p) const {
  if (has_implicit_ratings()) {
    constexpr std::string_view kUnused =
        "has no effect without a column of ratings (columns.rating is empty): every rating is 1; remove it";
    if (rating_step) p.reject("rating_step", kUnused);
    if (rating_minimum) p.reject("rating_min", kUnused);
    if (rating_maximum) p.reject("rating_max", kUnused);
  }
  try {
    const double maximum = grid().maximum();
    if (positive_from.value_or(maximum) <= maximum || p.refused("rating_max")) return;
    p.reject("positive_from",
             fmt::format("is {}, above the highest rating, {}: no rating would be positive; lower it{}", *positive_from,
                         maximum, has_implicit_ratings() ? "" : ", or raise dataset.rating_max"));
  } catch (const Error& error) {
    p.reject("rating_step", error.what());
  }
}

engine::RatingGrid DatasetSpec::grid() const {
  if (has_implicit_ratings()) return {1.0, 1, 1};
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
