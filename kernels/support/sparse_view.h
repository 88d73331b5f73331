#pragma once

#include <cstdint>
#include <span>

namespace matinee {

// Ratings in compressed rows (CSR) that somebody else owns. Within a row the indices rise and none stands twice.
// A rating is level × grid step: levels are exact integers, 0 .. 255.
struct SparseView {
  int32_t rows = 0;
  int32_t columns = 0;
  const int64_t* offsets = nullptr;  // (rows + 1)
  const int32_t* indices = nullptr;  // (offsets[rows]), the column of each rating
  const uint8_t* levels = nullptr;   // (offsets[rows])

  int64_t size() const { return rows == 0 ? 0 : offsets[rows]; }
  int64_t row_size(int32_t row) const { return offsets[row + 1] - offsets[row]; }
  std::span<const int32_t> row_indices(int32_t row) const {
    return {indices + offsets[row], static_cast<std::size_t>(row_size(row))};
  }
  std::span<const uint8_t> row_levels(int32_t row) const {
    return {levels + offsets[row], static_cast<std::size_t>(row_size(row))};
  }
};

}  // namespace matinee
