#pragma once

#include <cstdint>
#include <span>

#include "kernels/support/buffer.h"

namespace matinee::neural_cf {

// The different rows of a batch in rising order, and which examples each stands in.
class RowGroups {
 public:
  RowGroups(int64_t rows, int64_t most_examples);

  void assign(const int32_t* rows, int64_t count);

  int64_t different() const { return different_; }
  const int32_t* rows() const { return rows_.data(); }          // (different)
  const int32_t* starts() const { return starts_.data(); }      // (different + 1): into …
  const int32_t* examples() const { return examples_.data(); }  // … (count), those of a row rising
  const int32_t* numbers() const { return numbers_.data(); }    // (count): which of the different rows an example has

 private:
  int64_t total_rows_, different_ = 0;
  Buffer<int32_t> places_;  // by row: its examples, then its number; 0 between calls
  Buffer<int32_t> rows_, starts_, next_, examples_, numbers_;
};

}  // namespace matinee::neural_cf
