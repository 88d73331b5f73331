#include "kernels/skip_gram/step_sums.h"

#include <algorithm>
#include <bit>

namespace matinee::skip_gram {

StepSums::StepSums(int64_t rows, int64_t stride)
    : stride_(stride), table_(std::bit_ceil(static_cast<std::size_t>(2 * rows + 1))), sums_(rows * stride) {
  numbers_.reserve(static_cast<std::size_t>(rows));
}

void StepSums::clear() {
  numbers_.clear();
  if (++round_ != 0) return;
  std::fill(table_.begin(), table_.end(), Entry{});
  round_ = 1;
}

// Where the row's entry is or belongs.
std::size_t StepSums::place(int64_t number) const {
  const std::size_t mask = table_.size() - 1;
  std::size_t at = (static_cast<uint64_t>(number) * 0x9E3779B97F4A7C15 >> 32) & mask;
  while (table_[at].round == round_ && table_[at].number != number) at = (at + 1) & mask;
  return at;
}

int32_t* StepSums::row(int64_t number) {
  Entry& entry = table_[place(number)];
  if (entry.round != round_) {
    entry = {number, round_, static_cast<int32_t>(numbers_.size())};
    numbers_.push_back(number);
    std::fill_n(sums_.data() + entry.slot * stride_, stride_, 0);
  }
  return sums_.data() + entry.slot * stride_;
}

const int32_t* StepSums::find(int64_t number) const {
  const Entry& entry = table_[place(number)];
  return entry.round == round_ ? sums_.data() + entry.slot * stride_ : nullptr;
}

}  // namespace matinee::skip_gram
