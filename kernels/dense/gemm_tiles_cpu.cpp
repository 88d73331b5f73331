#include "kernels/dense/gemm_tiles_cpu.h"

#include <cmath>
#include <utility>

#include "kernels/support/processor_level.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace matinee::dense {
namespace {

// Tile::multiply<ROWS, PACKED> for each number of rows.
template <typename Tile, int... kRows>
constexpr GemmTile tile_of(std::integer_sequence<int, kRows...>) {
  GemmTile tile;
  tile.most_rows = Tile::kMostRows;
  tile.columns = Tile::kColumns;
  ((tile.packed[kRows + 1] = Tile::template multiply<kRows + 1, true>), ...);
  ((tile.in_place[kRows + 1] = Tile::template multiply<kRows + 1, false>), ...);
  return tile;
}

template <typename Tile>
constexpr GemmTile kTile = tile_of<Tile>(std::make_integer_sequence<int, Tile::kMostRows>());

// Where a step of k finds the elements of A. In place, every third row has a pointer and the two after it lie one and
// two row_steps on, which the processor's addresses can say.
template <int kRows, bool kPacked>
class LeftColumn {
 public:
  [[gnu::always_inline]] LeftColumn(const float* a, int64_t row_step) : row_step_(row_step) {
    for (int part = 0; part < kParts; ++part) rows_[part] = a + (kPacked ? 0 : 3 * part * row_step);
  }
  [[gnu::always_inline]] const float* operator[](int row) const {
    return kPacked ? rows_[0] + row : rows_[row / 3] + row % 3 * row_step_;
  }
  [[gnu::always_inline]] void next() {
#pragma GCC unroll 5
    for (int part = 0; part < kParts; ++part) {
      rows_[part] += kPacked ? kRows : 1;
#if defined(__x86_64__)
      asm("" : "+r"(rows_[part]));  // else the compiler makes a pointer for every row, more than there are registers
#endif
    }
  }

 private:
  static constexpr int kParts = kPacked ? 1 : (kRows + 2) / 3;
  const float* rows_[kParts];
  int64_t row_step_;
};

// For machines without the others' instructions, where fma is a call of the library.
struct Portable {
  static constexpr int kMostRows = 4, kColumns = 8;

  template <int kRows, bool kPacked>
  static void multiply(int64_t k, const float* a, int64_t row_step, const float* b, float* c, int64_t stride,
                       bool accumulate) {
    float sums[kRows][kColumns] = {};
    for (int row = 0; row < kRows && accumulate; ++row) {
      for (int column = 0; column < kColumns; ++column) sums[row][column] = c[row * stride + column];
    }
    LeftColumn<kRows, kPacked> left(a, row_step);
    for (int64_t n = 0; n < k; ++n, left.next(), b += kColumns) {
      for (int row = 0; row < kRows; ++row) {
        for (int column = 0; column < kColumns; ++column) {
          sums[row][column] = std::fma(*left[row], b[column], sums[row][column]);
        }
      }
    }
    for (int row = 0; row < kRows; ++row) {
      for (int column = 0; column < kColumns; ++column) c[row * stride + column] = sums[row][column];
    }
  }
};

#if defined(__x86_64__)

// 28 of 32 registers hold sums, two a row of B's panel; an element of A is broadcast from memory by the instruction.
struct Avx512 {
  static constexpr int kMostRows = 14, kColumns = 32;

  template <int kRows, bool kPacked>
  __attribute__((target("avx512f"))) static void multiply(int64_t k, const float* a, int64_t row_step, const float* b,
                                                          float* c, int64_t stride, bool accumulate) {
    __m512 low[kRows], high[kRows];
#pragma GCC unroll 14
    for (int row = 0; row < kRows; ++row) {
      low[row] = accumulate ? _mm512_loadu_ps(c + row * stride) : _mm512_setzero_ps();
      high[row] = accumulate ? _mm512_loadu_ps(c + row * stride + 16) : _mm512_setzero_ps();
    }
    LeftColumn<kRows, kPacked> left(a, row_step);
    for (int64_t n = 0; n < k; ++n, left.next(), b += kColumns) {
      const __m512 b_low = _mm512_load_ps(b), b_high = _mm512_load_ps(b + 16);
#pragma GCC unroll 14
      for (int row = 0; row < kRows; ++row) {
        const __m512 element = _mm512_set1_ps(*left[row]);
        low[row] = _mm512_fmadd_ps(element, b_low, low[row]);
        high[row] = _mm512_fmadd_ps(element, b_high, high[row]);
      }
    }
#pragma GCC unroll 14
    for (int row = 0; row < kRows; ++row) {
      _mm512_storeu_ps(c + row * stride, low[row]);
      _mm512_storeu_ps(c + row * stride + 16, high[row]);
    }
  }
};

// 12 of 16 registers hold sums, two a row of B's panel, one an element of A.
struct Avx2 {
  static constexpr int kMostRows = 6, kColumns = 16;

  template <int kRows, bool kPacked>
  __attribute__((target("avx2,fma"))) static void multiply(int64_t k, const float* a, int64_t row_step, const float* b,
                                                           float* c, int64_t stride, bool accumulate) {
    __m256 low[kRows], high[kRows];
#pragma GCC unroll 6
    for (int row = 0; row < kRows; ++row) {
      low[row] = accumulate ? _mm256_loadu_ps(c + row * stride) : _mm256_setzero_ps();
      high[row] = accumulate ? _mm256_loadu_ps(c + row * stride + 8) : _mm256_setzero_ps();
    }
    LeftColumn<kRows, kPacked> left(a, row_step);
    for (int64_t n = 0; n < k; ++n, left.next(), b += kColumns) {
      const __m256 b_low = _mm256_load_ps(b), b_high = _mm256_load_ps(b + 8);
#pragma GCC unroll 6
      for (int row = 0; row < kRows; ++row) {
        const __m256 element = _mm256_broadcast_ss(left[row]);
        low[row] = _mm256_fmadd_ps(element, b_low, low[row]);
        high[row] = _mm256_fmadd_ps(element, b_high, high[row]);
      }
    }
#pragma GCC unroll 6
    for (int row = 0; row < kRows; ++row) {
      _mm256_storeu_ps(c + row * stride, low[row]);
      _mm256_storeu_ps(c + row * stride + 8, high[row]);
    }
  }
};

#endif

}  // namespace

const GemmTile& gemm_tile() {
#if defined(__x86_64__)
  const ProcessorLevel level = processor_level();
  if (level == ProcessorLevel::kV4) return kTile<Avx512>;
  if (level == ProcessorLevel::kV3) return kTile<Avx2>;
#endif
  return kTile<Portable>;
}

}  // namespace matinee::dense
