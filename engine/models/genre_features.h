#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/data/catalogue.h"
#include "engine/data/ratings.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::engine {

// The genres of every item, numbered in the order of their names.
struct ItemGenres {
  std::vector<std::string> names;
  std::vector<int64_t> offsets;  // (items + 1)
  std::vector<int32_t> genres;   // of each item, rising, none twice

  explicit ItemGenres(const Catalogue& catalogue);
  int64_t count() const { return static_cast<int64_t>(names.size()); }
};

enum class GenreScale { kCentred, kRange };

// What users rate, by genre: a column per user, the rows of `ratings` for each genre, then those of `share`.
struct GenreFeatures {
  int64_t users = 0, genres = 0;
  std::vector<float> values;   // (2 × genres, users)
  std::vector<uint8_t> known;  // (users), whether the user rated anything of a genre

  MatrixView<const float> view() const { return {values.data(), 2 * genres, users, users}; }
};

// Features of users (math.md §9): the mean rating of what a user rated in a genre, and the share of the genre among all
// genres of what the user rated. An item of several genres counts for each of them. The mean is made comparable:
//   kCentred: (mean of the genre - mean of the user) / range of the grid, in -1 .. 1; no rating in the genre: 0
//   kRange:   (mean of the genre - minimum) / range of the grid, in 0 .. 1; no rating in the genre: the user's mean so
// Users of whom nothing is known have the mean of the others in every feature. Sums of levels are integers: the same
// bytes for any number of threads. O(genres of all ratings + users × genres).
GenreFeatures genre_features(Context& context, const SparseView& by_user, const RatingGrid& grid,
                             const ItemGenres& genres, GenreScale scale);

}  // namespace matinee::engine
