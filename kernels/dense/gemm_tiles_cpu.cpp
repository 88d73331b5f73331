#include "kernels/dense/gemm_tiles_cpu.h"

#include <cmath>
#include <utility>

#include "kernels/support/processor_level.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace matinee::dense {
namespace {

// With one vector a row where that holds all columns, else with two.
template <typename Tile, int kRows, bool kPacked>
void multiply(int64_t k, const float* a, int64_t row_step, const float* b, const GemmStart& start, float* c,
              int64_t stride, int columns) {
  if (columns > Tile::kLanes) {
    Tile::template multiply<kRows, kPacked, 2>(k, a, row_step, b, start, c, stride, columns);
  } else {
    Tile::template multiply<kRows, kPacked, 1>(k, a, row_step, b, start, c, stride, columns);
  }
}

// multiply<Tile, ROWS, PACKED> for each number of rows.
template <typename Tile, int... kRows>
constexpr GemmTile tile_of(std::integer_sequence<int, kRows...>) {
  GemmTile tile;
  tile.most_rows = Tile::kMostRows;
  tile.most_columns = Tile::kColumns;
  ((tile.packed[kRows + 1] = multiply<Tile, kRows + 1, true>), ...);
  ((tile.in_place[kRows + 1] = multiply<Tile, kRows + 1, false>), ...);
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
  static constexpr int kMostRows = 4, kLanes = 4, kColumns = 2 * kLanes;

  template <int kRows, bool kPacked, int kVectors>
  static void multiply(int64_t k, const float* a, int64_t row_step, const float* b, const GemmStart& start, float* c,
                       int64_t stride, int columns) {
    float sums[kRows][kVectors * kLanes] = {};
    for (int row = 0; row < kRows && start.data != nullptr; ++row) {
      for (int column = 0; column < columns; ++column) sums[row][column] = start.data[row * start.stride + column];
    }
    LeftColumn<kRows, kPacked> left(a, row_step);
    for (int64_t n = 0; n < k; ++n, left.next(), b += kColumns) {
      for (int row = 0; row < kRows; ++row) {
        for (int column = 0; column < kVectors * kLanes; ++column) {
          sums[row][column] = std::fma(*left[row], b[column], sums[row][column]);
        }
      }
    }
    for (int row = 0; row < kRows; ++row) {
      for (int column = 0; column < columns; ++column) c[row * stride + column] = sums[row][column];
    }
  }
};

#if defined(__x86_64__)

// 28 of 32 registers hold sums, two a row of B's panel; an element of A is broadcast from memory by the instruction.
struct Avx512 {
  static constexpr int kMostRows = 14, kLanes = 16, kColumns = 2 * kLanes;

  template <int kRows, bool kPacked, int kVectors>
  __attribute__((target("avx512f"))) static void multiply(int64_t k, const float* a, int64_t row_step, const float* b,
                                                          const GemmStart& start, float* c, int64_t stride,
                                                          int columns) {
    const auto inside = static_cast<__mmask16>((1U << (columns - (kVectors - 1) * kLanes)) - 1);  // of the last vector
    constexpr auto kAll = static_cast<__mmask16>(0xffff);
    __m512 sums[kRows][kVectors];
#pragma GCC unroll 14
    for (int row = 0; row < kRows; ++row) {
#pragma GCC unroll 2
      for (int vector = 0; vector < kVectors; ++vector) {
        const __mmask16 mask = vector == kVectors - 1 ? inside : kAll;
        sums[row][vector] = start.data == nullptr
                                ? _mm512_setzero_ps()
                                : _mm512_maskz_loadu_ps(mask, start.data + row * start.stride + vector * kLanes);
      }
    }
    LeftColumn<kRows, kPacked> left(a, row_step);
    for (int64_t n = 0; n < k; ++n, left.next(), b += kColumns) {
      __m512 right[kVectors];
#pragma GCC unroll 2
      for (int vector = 0; vector < kVectors; ++vector) right[vector] = _mm512_load_ps(b + vector * kLanes);
#pragma GCC unroll 14
      for (int row = 0; row < kRows; ++row) {
        const __m512 element = _mm512_set1_ps(*left[row]);
#pragma GCC unroll 2
        for (int vector = 0; vector < kVectors; ++vector) {
          sums[row][vector] = _mm512_fmadd_ps(element, right[vector], sums[row][vector]);
        }
      }
    }
#pragma GCC unroll 14
    for (int row = 0; row < kRows; ++row) {
#pragma GCC unroll 2
      for (int vector = 0; vector < kVectors; ++vector) {
        const __mmask16 mask = vector == kVectors - 1 ? inside : kAll;
        _mm512_mask_storeu_ps(c + row * stride + vector * kLanes, mask, sums[row][vector]);
      }
    }
  }
};

// 12 of 16 registers hold sums, two a row of B's panel, one an element of A.
struct Avx2 {
  static constexpr int kMostRows = 6, kLanes = 8, kColumns = 2 * kLanes;

  template <int kRows, bool kPacked, int kVectors>
  __attribute__((target("avx2,fma"))) static void multiply(int64_t k, const float* a, int64_t row_step, const float* b,
                                                           const GemmStart& start, float* c, int64_t stride,
                                                           int columns) {
    const __m256i inside = _mm256_cmpgt_epi32(_mm256_set1_epi32(columns - (kVectors - 1) * kLanes),
                                              _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));  // of the last vector
    const __m256i all = _mm256_set1_epi32(-1);
    __m256 sums[kRows][kVectors];
#pragma GCC unroll 6
    for (int row = 0; row < kRows; ++row) {
#pragma GCC unroll 2
      for (int vector = 0; vector < kVectors; ++vector) {
        const __m256i mask = vector == kVectors - 1 ? inside : all;
        sums[row][vector] = start.data == nullptr
                                ? _mm256_setzero_ps()
                                : _mm256_maskload_ps(start.data + row * start.stride + vector * kLanes, mask);
      }
    }
    LeftColumn<kRows, kPacked> left(a, row_step);
    for (int64_t n = 0; n < k; ++n, left.next(), b += kColumns) {
      __m256 right[kVectors];
#pragma GCC unroll 2
      for (int vector = 0; vector < kVectors; ++vector) right[vector] = _mm256_load_ps(b + vector * kLanes);
#pragma GCC unroll 6
      for (int row = 0; row < kRows; ++row) {
        const __m256 element = _mm256_broadcast_ss(left[row]);
#pragma GCC unroll 2
        for (int vector = 0; vector < kVectors; ++vector) {
          sums[row][vector] = _mm256_fmadd_ps(element, right[vector], sums[row][vector]);
        }
      }
    }
#pragma GCC unroll 6
    for (int row = 0; row < kRows; ++row) {
#pragma GCC unroll 2
      for (int vector = 0; vector < kVectors; ++vector) {
        const __m256i mask = vector == kVectors - 1 ? inside : all;
        _mm256_maskstore_ps(c + row * stride + vector * kLanes, mask, sums[row][vector]);
      }
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
