#include "kernels/skip_gram/round_rows.h"

#include <algorithm>
#include <bit>

namespace matinee::skip_gram {

RoundRows::RoundRows(int64_t rows) : table_(std::bit_ceil(static_cast<std::size_t>(2 * rows + 1))) {
  numbers_.reserve(static_cast<std::size_t>(rows));
  places_.reserve(static_cast<std::size_t>(rows));
}

void RoundRows::clear() {
  numbers_.clear();
  places_.clear();
  if (++round_ != 0) return;
  std::fill(table_.begin(), table_.end(), Entry{});
  round_ = 1;
}

// Where the row's entry is or belongs.
std::size_t RoundRows::place(int64_t number) const {
  const std::size_t mask = table_.size() - 1;
  std::size_t at = (static_cast<uint64_t>(number) * 0x9E3779B97F4A7C15 >> 32) & mask;
  while (table_[at].round == round_ && table_[at].number != number) at = (at + 1) & mask;
  return at;
}

int32_t RoundRows::add(int64_t number) {
  Entry& entry = table_[place(number)];
  if (entry.round != round_) {
    entry = {number, round_, static_cast<int32_t>(numbers_.size())};
    numbers_.push_back(number);
    places_.push_back(0);
  }
  ++places_[static_cast<std::size_t>(entry.slot)];
  return entry.slot;
}

int32_t RoundRows::find(int64_t number) const {
  const Entry& entry = table_[place(number)];
  return entry.round == round_ ? entry.slot : kNone;
}

}  // namespace matinee::skip_gram
