#include "kernels/neural_cf/row_groups_cpu.h"

#include <algorithm>

namespace matinee::neural_cf {
namespace {

// With fewer examples than rows / kSparse the different rows are sorted, else looked for among all.
constexpr int64_t kSparse = 16;

}  // namespace

RowGroups::RowGroups(int64_t rows, int64_t most_examples)
    : total_rows_(rows),
      places_(rows),
      rows_(most_examples),
      starts_(most_examples + 1),
      next_(most_examples),
      examples_(most_examples),
      numbers_(most_examples) {}

void RowGroups::assign(const int32_t* rows, int64_t count) {
  different_ = 0;
  if (count < total_rows_ / kSparse) {
    for (int64_t n = 0; n < count; ++n) {
      if (places_[rows[n]]++ == 0) rows_[different_++] = rows[n];
    }
    std::sort(rows_.data(), rows_.data() + different_);
  } else {
    for (int64_t n = 0; n < count; ++n) ++places_[rows[n]];
    for (int32_t row = 0; row < total_rows_; ++row) {
      if (places_[row] > 0) rows_[different_++] = row;
    }
  }
  int32_t begin = 0;
  for (int64_t number = 0; number < different_; ++number) {
    int32_t& place = places_[rows_[number]];
    starts_[number] = next_[number] = begin;
    begin += place;
    place = static_cast<int32_t>(number);
  }
  starts_[different_] = begin;
  for (int64_t n = 0; n < count; ++n) {
    const int32_t number = places_[rows[n]];
    numbers_[n] = number;
    examples_[next_[number]++] = static_cast<int32_t>(n);
  }
  for (int64_t number = 0; number < different_; ++number) places_[rows_[number]] = 0;
}

}  // namespace matinee::neural_cf
