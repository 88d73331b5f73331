#pragma once

#include <cstdint>
#include <vector>

#include "kernels/support/buffer.h"

namespace matinee::skip_gram {

// What one thread adds up in a round: for each row that its windows move, the sum of steps per dimension. Rows are
// found by number (inputs first, then outputs) in an open hash table that is never more than half full.
class StepSums {
 public:
  // Of at most `rows` different rows of `stride` numbers in a round.
  StepSums(int64_t rows, int64_t stride);

  void clear();  // for the next round
  // The sums of a row, zero when first asked for.
  int32_t* row(int64_t number);
  // The same, null where the row has not been asked for.
  const int32_t* find(int64_t number) const;

  int64_t size() const { return static_cast<int64_t>(numbers_.size()); }
  int64_t number(int64_t slot) const { return numbers_[static_cast<std::size_t>(slot)]; }
  const int32_t* sums(int64_t slot) const { return sums_.data() + slot * stride_; }

 private:
  struct Entry {
    int64_t number = -1;
    uint32_t round = 0;  // in which it was made; others are empty
    int32_t slot = 0;
  };
  std::size_t place(int64_t number) const;

  int64_t stride_;
  uint32_t round_ = 1;
  std::vector<Entry> table_;  // a power of two
  std::vector<int64_t> numbers_;
  Buffer<int32_t> sums_;
};

}  // namespace matinee::skip_gram
