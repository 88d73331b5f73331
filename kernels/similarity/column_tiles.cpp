#include "kernels/similarity/column_tiles.h"

#include <algorithm>
#include <utility>

namespace matinee::similarity {
namespace {

constexpr int64_t kTileBytes = 16 << 10;  // of sums: half of a common first-level cache
constexpr int32_t kTileStep = 256;        // rows
constexpr int64_t kPieceLength = 32;      // entries of a column in a tile, as the typical entry sees it, at least
constexpr int64_t kMeanLength = 8;        // as the mean column sees it: keeps the offsets small
constexpr int64_t kGrain = 64;            // columns per task

int32_t rows_per_tile(SparseView columns, int64_t word_bytes) {
  double squares = 0;
  for (int32_t column = 0; column < columns.rows; ++column) {
    squares += static_cast<double>(columns.row_size(column)) * static_cast<double>(columns.row_size(column));
  }
  const double typical_length = columns.size() == 0 ? 0 : squares / static_cast<double>(columns.size());
  const int64_t most = std::max<int64_t>(1, std::min(static_cast<int64_t>(typical_length) / kPieceLength,
                                                     columns.size() / kMeanLength / std::max(columns.rows, 1)));
  const int64_t wanted = std::max<int64_t>(1, (columns.columns * word_bytes + kTileBytes - 1) / kTileBytes);
  const int64_t tiles = std::min(wanted, most);
  const int64_t rows = (columns.columns + tiles - 1) / tiles;
  return static_cast<int32_t>(
      std::clamp<int64_t>((rows + kTileStep - 1) / kTileStep * kTileStep, kTileStep, ColumnTiles::kMaximumRows));
}

}  // namespace

ColumnTiles::ColumnTiles(Context& context, SparseView columns, std::span<const int16_t> values, int64_t word_bytes)
    : columns_(columns.rows), tile_rows_(rows_per_tile(columns, word_bytes)) {
  tiles_ = static_cast<int32_t>((int64_t{columns.columns} + tile_rows_ - 1) / tile_rows_);
  offsets_ = Buffer<int64_t>(tiles_ * (columns_ + int64_t{1}));
  entries_ = Buffer<uint32_t>(columns.size());
  // Calls visit(tile, begin, end) for the pieces of a column.
  const auto for_pieces = [&](int32_t column, const auto& visit) {
    const int32_t* indices = columns.indices;
    const int64_t column_end = columns.offsets[column + 1];
    for (int64_t begin = columns.offsets[column]; begin < column_end;) {
      const int32_t tile = indices[begin] / tile_rows_;
      const int64_t tile_end = (tile + int64_t{1}) * tile_rows_;
      const int64_t end = std::lower_bound(indices + begin, indices + column_end, tile_end) - indices;
      visit(tile, begin, end);
      begin = end;
    }
  };
  const auto offset = [&](int32_t tile, int32_t column) -> int64_t& {
    return offsets_[tile * (columns_ + int64_t{1}) + column];
  };
  parallel_blocks(context, columns_, kGrain, [&](int64_t first, int64_t last, int) {
    for (auto column = static_cast<int32_t>(first); column < last; ++column) {
      for_pieces(column, [&](int32_t tile, int64_t begin, int64_t end) { offset(tile, column) = end - begin; });
    }
  });
  int64_t next = 0;
  for (int64_t place = 0; place < offsets_.size(); ++place) next += std::exchange(offsets_[place], next);
  parallel_blocks(context, columns_, kGrain, [&](int64_t first, int64_t last, int) {
    for (auto column = static_cast<int32_t>(first); column < last; ++column) {
      for_pieces(column, [&](int32_t tile, int64_t begin, int64_t end) {
        uint32_t* target = entries_.data() + offset(tile, column);
        for (int64_t n = begin; n < end; ++n) {
          const auto row = static_cast<uint32_t>(columns.indices[n] - tile * tile_rows_);
          const int16_t value = values.empty() ? columns.levels[n] : values[static_cast<std::size_t>(n)];
          *target++ = row << 16 | static_cast<uint16_t>(value);
        }
      });
    }
  });
}

}  // namespace matinee::similarity
