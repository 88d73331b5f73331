#include "engine/data/ratings.h"

namespace matinee::engine {
namespace {

// Counting sort of (row, column, level) entries by row; entries keep their order within a row.
template <typename RowOf, typename ColumnOf>
SparseRatings sorted_by_row(int32_t rows, int32_t columns, int64_t size, const uint8_t* levels, const RowOf& row_of,
                            const ColumnOf& column_of) {
  SparseRatings sorted;
  sorted.rows = rows;
  sorted.columns = columns;
  sorted.offsets.assign(static_cast<std::size_t>(rows) + 1, 0);
  for (int64_t entry = 0; entry < size; ++entry) ++sorted.offsets[static_cast<std::size_t>(row_of(entry)) + 1];
  for (std::size_t row = 0; row < static_cast<std::size_t>(rows); ++row) sorted.offsets[row + 1] += sorted.offsets[row];
  sorted.indices.resize(static_cast<std::size_t>(size));
  sorted.levels.resize(static_cast<std::size_t>(size));
  std::vector<int64_t> next(sorted.offsets.begin(), sorted.offsets.end() - 1);
  for (int64_t entry = 0; entry < size; ++entry) {
    const auto place = static_cast<std::size_t>(next[static_cast<std::size_t>(row_of(entry))]++);
    sorted.indices[place] = column_of(entry);
    sorted.levels[place] = levels[entry];
  }
  return sorted;
}

}  // namespace

SparseRatings by_user(const Ratings& ratings) {
  // By item first, then by user: two stable passes leave each user's items in rising order.
  const SparseRatings by_item = sorted_by_row(
      ratings.item_count, ratings.user_count, ratings.size(), ratings.levels.data(),
      [&](int64_t entry) { return ratings.items[static_cast<std::size_t>(entry)]; },
      [&](int64_t entry) { return ratings.users[static_cast<std::size_t>(entry)]; });
  return transposed(by_item);
}

SparseRatings transposed(const SparseRatings& ratings) {
  std::vector<int32_t> row_of(ratings.indices.size());
  for (int32_t row = 0; row < ratings.rows; ++row) {
    for (int64_t entry = ratings.offsets[static_cast<std::size_t>(row)];
         entry < ratings.offsets[static_cast<std::size_t>(row) + 1]; ++entry) {
      row_of[static_cast<std::size_t>(entry)] = row;
    }
  }
  return sorted_by_row(
      ratings.columns, ratings.rows, ratings.size(), ratings.levels.data(),
      [&](int64_t entry) { return ratings.indices[static_cast<std::size_t>(entry)]; },
      [&](int64_t entry) { return row_of[static_cast<std::size_t>(entry)]; });
}

}  // namespace matinee::engine
