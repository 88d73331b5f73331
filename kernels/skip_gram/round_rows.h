#pragma once

#include <cstdint>
#include <vector>

namespace matinee::skip_gram {

// The rows that one thread's windows have in a round. Each has a slot, in the order of their first places, and is found
// by its number (inputs first, then outputs) in an open hash table that is never more than half full.
class RoundRows {
 public:
  static constexpr int32_t kNone = -1;

  explicit RoundRows(int64_t rows);  // at most so many different ones in a round

  void clear();  // for the next round
  // The slot of a row that stands in one more place of a window.
  int32_t add(int64_t number);
  // The slot of a row, or kNone.
  int32_t find(int64_t number) const;

  int64_t size() const { return static_cast<int64_t>(numbers_.size()); }
  int64_t number(int64_t slot) const { return numbers_[static_cast<std::size_t>(slot)]; }
  bool stands_once(int64_t slot) const { return places_[static_cast<std::size_t>(slot)] == 1; }

 private:
  struct Entry {
    int64_t number = -1;
    uint32_t round = 0;  // in which it was made; others are empty
    int32_t slot = 0;
  };
  std::size_t place(int64_t number) const;

  uint32_t round_ = 1;
  std::vector<Entry> table_;  // a power of two
  std::vector<int64_t> numbers_;
  std::vector<int32_t> places_;
};

}  // namespace matinee::skip_gram
