#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/similarity/similarity_value.h"

namespace matinee::similarity {

// How the sums of one pair of rows are held while their common columns are added one by one. Integers are packed into
// few words, so that one addition updates several sums. Each accumulator has
//   Value            of an entry: a level (uint8_t) or a residual (int16_t)
//   Word             of a pair; all zero bits where nothing is in common
//   Term             what one entry (value x, column weight w) adds where the other row has value y in the same column
//   kExact           sums are integers; else doubles, and the order of additions counts
//   capacity(level)  columns that can be added before a field could overflow, for values up to `level`
//   sums<Number>     the sums that the similarity kinds of this accumulator read; the others are 0

// Only how many columns are in common.
struct CountAccumulator {
  static constexpr bool kExact = true;
  using Value = uint8_t;
  using Word = int32_t;
  struct Term {
    Term(Value, double) {}
    void add(Word& word, Value) const { ++word; }
  };
  static int64_t capacity(int) { return INT32_MAX; }

  template <typename Number>
  static PairSums<Number> sums(Word word) {
    PairSums<Number> sums;
    sums.count = sums.weight = static_cast<Number>(word);
    return sums;
  }
};

// Count (upper half) and Σxy of levels (lower half).
struct LevelProductAccumulator {
  static constexpr bool kExact = true;
  using Value = uint8_t;
  using Word = int64_t;
  struct Term {
    Term(Value value, double) : x(value) {}
    void add(Word& word, Value y) const { word += (Word{1} << 32) + x * y; }
    int32_t x;
  };
  static int64_t capacity(int level) { return INT32_MAX / std::max(level * level, 1); }

  template <typename Number>
  static PairSums<Number> sums(Word word) {
    PairSums<Number> sums;
    sums.count = sums.weight = static_cast<Number>(static_cast<int32_t>(word >> 32));
    sums.xy = static_cast<Number>(static_cast<int32_t>(word));
    return sums;
  }
};

// Count (upper 16 bits) and Σxy of residuals, |xy| < 2^30 (lower 48 bits, signed).
struct ResidualProductAccumulator {
  static constexpr bool kExact = true;
  using Value = int16_t;
  using Word = int64_t;
  static constexpr int kShift = 48;
  struct Term {
    Term(Value value, double) : x(value) {}
    void add(Word& word, Value y) const { word += (Word{1} << kShift) + x * y; }
    int32_t x;
  };
  static int64_t capacity(int) { return INT16_MAX; }

  template <typename Number>
  static PairSums<Number> sums(Word word) {
    // A negative Σxy has borrowed 1 from the count: half of the lower field's range gives it back.
    const Word count = (word + (Word{1} << (kShift - 1))) >> kShift;
    PairSums<Number> sums;
    sums.count = sums.weight = static_cast<Number>(static_cast<int32_t>(count));
    sums.xy = static_cast<Number>(word - (count << kShift));
    return sums;
  }
};

// As before, with Σx² and Σy².
struct ResidualMomentAccumulator {
  static constexpr bool kExact = true;
  using Value = int16_t;
  struct Word {
    int64_t product, xx, yy;
  };
  struct Term {
    Term(Value value, double weight) : product(value, weight), xx(int64_t{value} * value) {}
    void add(Word& word, Value y) const {
      product.add(word.product, y);
      word.xx += xx;
      word.yy += y * y;
    }
    ResidualProductAccumulator::Term product;
    int64_t xx;
  };
  static int64_t capacity(int level) { return ResidualProductAccumulator::capacity(level); }

  template <typename Number>
  static PairSums<Number> sums(const Word& word) {
    auto sums = ResidualProductAccumulator::sums<Number>(word.product);
    sums.xx = static_cast<Number>(word.xx);
    sums.yy = static_cast<Number>(word.yy);
    return sums;
  }
};

// All six sums of levels: count (16 bits), Σx, Σy (24 bits each); Σx², Σy², Σxy (21 bits each).
struct LevelMomentAccumulator {
  static constexpr bool kExact = true;
  using Value = uint8_t;
  struct Word {
    uint64_t first, second;
  };
  struct Term {
    Term(Value value, double) : x(value), first(uint64_t{1} << 48 | x << 24), second(x * x << 42) {}
    void add(Word& word, Value y) const {
      word.first += first + y;
      word.second += second + y * ((uint64_t{y} << 21) + x);
    }
    uint64_t x, first, second;
  };
  static int64_t capacity(int level) {
    return std::min<int64_t>(UINT16_MAX, ((1 << 21) - 1) / std::max(level * level, 1));
  }

  template <typename Number>
  static PairSums<Number> sums(const Word& word) {
    const auto field = [](uint64_t packed, int shift, int bits) {
      return static_cast<Number>(static_cast<int32_t>(packed >> shift & ((uint64_t{1} << bits) - 1)));
    };
    PairSums<Number> sums;
    sums.count = sums.weight = field(word.first, 48, 16);
    sums.x = field(word.first, 24, 24);
    sums.y = field(word.first, 0, 24);
    sums.xx = field(word.second, 42, 21);
    sums.yy = field(word.second, 21, 21);
    sums.xy = field(word.second, 0, 21);
    return sums;
  }
};

// Weighted sums are doubles.
struct WeightedCountAccumulator {
  static constexpr bool kExact = false;
  using Value = uint8_t;
  struct Word {
    double count, weight;
  };
  struct Term {
    Term(Value, double column_weight) : weight(column_weight) {}
    void add(Word& word, Value) const {
      word.count += 1;
      word.weight += weight;
    }
    double weight;
  };
  static int64_t capacity(int) { return INT64_MAX; }

  template <typename Number>
  static PairSums<double> sums(const Word& word) {
    PairSums<double> sums;
    sums.count = word.count;
    sums.weight = word.weight;
    return sums;
  }
};

// The product of the two values is exact before its weight multiplies it.
template <typename EntryValue>
struct WeightedProductAccumulator {
  static constexpr bool kExact = false;
  using Value = EntryValue;
  struct Word {
    double count, xy;
  };
  struct Term {
    Term(Value value, double column_weight) : x(value), weight(column_weight) {}
    void add(Word& word, Value y) const {
      word.count += 1;
      word.xy += weight * (x * y);
    }
    int32_t x;
    double weight;
  };
  static int64_t capacity(int) { return INT64_MAX; }

  template <typename Number>
  static PairSums<double> sums(const Word& word) {
    PairSums<double> sums;
    sums.count = word.count;
    sums.xy = word.xy;
    return sums;
  }
};

template <typename EntryValue>
struct WeightedMomentAccumulator {
  static constexpr bool kExact = false;
  using Value = EntryValue;
  using Word = PairSums<double>;
  struct Term {
    Term(Value value, double column_weight) : x(value), weight(column_weight) {}
    void add(Word& word, Value y) const {
      word.count += 1;
      word.weight += weight;
      word.x += weight * x;
      word.y += weight * y;
      word.xx += weight * (x * x);
      word.yy += weight * (y * y);
      word.xy += weight * (x * y);
    }
    int32_t x;
    double weight;
  };
  static int64_t capacity(int) { return INT64_MAX; }

  template <typename Number>
  static PairSums<double> sums(const Word& word) {
    return word;
  }
};

}  // namespace matinee::similarity
