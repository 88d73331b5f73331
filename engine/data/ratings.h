#pragma once

#include <cstdint>
#include <vector>

#include "kernels/support/sparse_view.h"

namespace matinee::engine {

// The values that a rating can take: level × step, levels minimum_level .. maximum_level.
struct RatingGrid {
  double step = 0.5;
  int minimum_level = 1;
  int maximum_level = 10;

  double value(int level) const { return level * step; }
  double minimum() const { return value(minimum_level); }
  double maximum() const { return value(maximum_level); }
};

// Ratings as parallel columns, one entry per rating, in the order of the file.
struct Ratings {
  int32_t user_count = 0;
  int32_t item_count = 0;
  RatingGrid grid;
  std::vector<int32_t> users;
  std::vector<int32_t> items;
  std::vector<uint8_t> levels;
  std::vector<int64_t> timestamps;  // seconds since 1970; empty where the data has none

  int64_t size() const { return static_cast<int64_t>(users.size()); }
};

// Ratings in compressed rows: by user (rows are users) or by item. Within a row the indices rise.
struct SparseRatings {
  int32_t rows = 0;
  int32_t columns = 0;
  std::vector<int64_t> offsets = {0};
  std::vector<int32_t> indices;
  std::vector<uint8_t> levels;

  int64_t size() const { return static_cast<int64_t>(indices.size()); }
  SparseView view() const { return {rows, columns, offsets.data(), indices.data(), levels.data()}; }
};

// Rows are users. No (user, item) pair may stand twice in `ratings`. Time O(ratings + users + items).
SparseRatings by_user(const Ratings& ratings);

// Rows become columns. Time O(ratings + rows + columns).
SparseRatings transposed(const SparseRatings& ratings);

}  // namespace matinee::engine
