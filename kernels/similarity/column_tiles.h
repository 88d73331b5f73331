#pragma once

#include <cstdint>
#include <span>

#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/sparse_view.h"

namespace matinee::similarity {

// The columns of a comparison, cut into tiles of consecutive rows so that what is summed per row of a tile stays in the
// first-level cache. An entry packs its row within the tile (upper 16 bits) and its signed value (lower 16 bits).
class ColumnTiles {
 public:
  ColumnTiles() = default;
  // Of the levels, or of `values` (one per entry of `columns`) where there are any. `word_bytes`: what is summed per
  // row. Time and memory O(ratings + tiles × columns); as many tiles as the cache asks for, yet fewer where the
  // columns would fall into pieces that are too short: offsets take no more bytes than there are ratings, unless one
  // tile suffices.
  ColumnTiles(Context& context, SparseView columns, std::span<const int16_t> values, int64_t word_bytes);

  static constexpr int32_t kMaximumRows = 1 << 16;  // of a tile
  static int64_t predicted_bytes(int64_t columns, int64_t ratings) { return 5 * ratings + 16 * (columns + 1); }

  int32_t tiles() const { return tiles_; }
  int32_t tile_rows() const { return tile_rows_; }  // a multiple of 256

  std::span<const uint32_t> entries(int32_t tile, int32_t column) const {
    const int64_t* offset = offsets_.data() + tile * (columns_ + int64_t{1}) + column;
    return {entries_.data() + offset[0], static_cast<std::size_t>(offset[1] - offset[0])};
  }
  static uint32_t row_of(uint32_t entry) { return entry >> 16; }
  static int16_t value_of(uint32_t entry) { return static_cast<int16_t>(entry); }

 private:
  int32_t columns_ = 0, tiles_ = 0, tile_rows_ = 0;
  Buffer<int64_t> offsets_;   // (tiles × (columns + 1))
  Buffer<uint32_t> entries_;  // tile by tile, in each column by column, rows rising
};

}  // namespace matinee::similarity
