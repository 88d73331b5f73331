// and, or, xor, not, shifts, lop3, popc, clz, brev, bfind, bfe, bfi, prmt, comparisons and selections of integers.
#include <bit>

#include "tests/ptx/same_result.h"

namespace simulated_gpu::test {
namespace ptx_bits {

struct Logic {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    return T((a & b) ^ (~c | a));
  }
};
struct ShiftLeft {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T) {
    return T(uint64_t(a) << (uint64_t(b) & (8 * sizeof(T) - 1)));
  }
};
struct ShiftRight {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T) {
    return T(a >> (uint64_t(b) & (8 * sizeof(T) - 1)));
  }
};
TEST(PtxBits, Logic) {
  expect_same_for<Logic>(Integers{});
}
TEST(PtxBits, ShiftLeft) {
  expect_same_for<ShiftLeft>(Integers{});
}
TEST(PtxBits, ShiftRight) {
  expect_same_for<ShiftRight>(Integers{});
}

struct ShiftBeyondWidth {  // by any 32-bit distance
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    const uint32_t by = uint32_t(c) % 3 == 0 ? uint32_t(b) : uint32_t(b) % 80;
    uint32_t left;
    int32_t right;
    uint64_t wide, wide_left;
    ON_DEVICE_AND_HOST(asm("shl.b64 %0, %1, %2;"
                           : "=l"(wide_left)
                           : "l"(a), "r"(by));
                       asm("shl.b32 %0, %1, %2;"
                           : "=r"(left)
                           : "r"(uint32_t(a)), "r"(by));
                       asm("shr.s32 %0, %1, %2;"
                           : "=r"(right)
                           : "r"(int32_t(a)), "r"(by));
                       asm("shr.u64 %0, %1, %2;"
                           : "=l"(wide)
                           : "l"(a), "r"(by)),
                       (left = by > 31 ? 0 : uint32_t(a) << by, right = int32_t(a) >> (by > 31 ? 31 : by),
                        wide = by > 63 ? 0 : a >> by, wide_left = by > 63 ? 0 : a << by));
    return left ^ uint64_t(uint32_t(right)) << 32 ^ wide ^ wide_left << 1;
  }
};
TEST(PtxBits, ShiftBeyondWidth) {
  expect_same<ShiftBeyondWidth, uint64_t>();
}

struct FunnelShift {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    const uint32_t by = c % 3 ? c % 70 : c;
    uint32_t d[4];
    ON_DEVICE_AND_HOST(asm("shf.l.wrap.b32 %0, %1, %2, %3;"
                           : "=r"(d[0])
                           : "r"(a), "r"(b), "r"(by));
                       asm("shf.l.clamp.b32 %0, %1, %2, %3;"
                           : "=r"(d[1])
                           : "r"(a), "r"(b), "r"(by));
                       asm("shf.r.wrap.b32 %0, %1, %2, %3;"
                           : "=r"(d[2])
                           : "r"(a), "r"(b), "r"(by));
                       asm("shf.r.clamp.b32 %0, %1, %2, %3;"
                           : "=r"(d[3])
                           : "r"(a), "r"(b), "r"(by)),
                       reference(a, b, by, d));
    return (d[0] ^ uint64_t{d[1]} << 11) + (d[2] ^ uint64_t{d[3]} << 23);
  }
  static __host__ void reference(uint32_t a, uint32_t b, uint32_t by, uint32_t* d) {
    const uint32_t wrapped = by & 31, clamped = by < 32 ? by : 32;
    const auto left = [&](uint32_t n) { return n == 0 ? b : n == 32 ? a : b << n | a >> (32 - n); };
    const auto right = [&](uint32_t n) { return n == 0 ? a : n == 32 ? b : b << (32 - n) | a >> n; };
    d[0] = left(wrapped);
    d[1] = left(clamped);
    d[2] = right(wrapped);
    d[3] = right(clamped);
  }
};
TEST(PtxBits, FunnelShift) {
  expect_same<FunnelShift, uint32_t>();
}

struct Logic3 {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T choice, majority, odd;
    ON_DEVICE_AND_HOST(
        asm("lop3.b32 %0, %1, %2, %3, 0xca;"
            : "=r"(choice)
            : "r"(a), "r"(b), "r"(c));
        asm("lop3.b32 %0, %1, %2, %3, 0xe8;"
            : "=r"(majority)
            : "r"(a), "r"(b), "r"(c));
        asm("lop3.b32 %0, %1, %2, %3, 0x2d;"
            : "=r"(odd)
            : "r"(a), "r"(b), "r"(c)),
        (choice = (a & b) | (~a & c), majority = (a & b) | (a & c) | (b & c), odd = by_table(0x2d, a, b, c)));
    return choice ^ majority << 1 ^ odd << 2;
  }
  static __host__ uint32_t by_table(uint32_t table, uint32_t a, uint32_t b, uint32_t c) {
    uint32_t d = 0;
    for (int bit = 0; bit < 32; ++bit)
      d |= (table >> ((a >> bit & 1) * 4 + (b >> bit & 1) * 2 + (c >> bit & 1)) & 1) << bit;
    return d;
  }
};
TEST(PtxBits, Logic3) {
  expect_same<Logic3, uint32_t>();
}

struct Counts32 {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T) {
    T ones, zeros, reversed, highest, shift;
    int32_t signed_highest;
    ON_DEVICE_AND_HOST(asm("popc.b32 %0, %1;"
                           : "=r"(ones)
                           : "r"(a));
                       asm("clz.b32 %0, %1;"
                           : "=r"(zeros)
                           : "r"(a));
                       asm("brev.b32 %0, %1;"
                           : "=r"(reversed)
                           : "r"(a));
                       asm("bfind.u32 %0, %1;"
                           : "=r"(highest)
                           : "r"(b));
                       asm("bfind.shiftamt.u32 %0, %1;"
                           : "=r"(shift)
                           : "r"(b));
                       asm("bfind.s32 %0, %1;"
                           : "=r"(signed_highest)
                           : "r"(a)),
                       (ones = uint32_t(std::popcount(a)), zeros = uint32_t(std::countl_zero(a)), reversed = reverse(a),
                        highest = top_bit(b), shift = b == 0 ? ~0u : uint32_t(std::countl_zero(b)),
                        signed_highest = int32_t(top_bit(int32_t(a) < 0 ? ~a : a))));
    return ones + zeros * 64 + (reversed ^ highest << 12) + (shift << 17) + uint32_t(signed_highest) * 3;
  }
  static __host__ uint32_t top_bit(uint32_t x) { return x == 0 ? ~0u : 31 - uint32_t(std::countl_zero(x)); }
  static __host__ uint32_t reverse(uint32_t x) {
    uint32_t y = 0;
    for (int bit = 0; bit < 32; ++bit) y |= (x >> bit & 1) << (31 - bit);
    return y;
  }
};
struct Counts64 {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T) {
    uint32_t ones, zeros, highest;
    T reversed;
    ON_DEVICE_AND_HOST(asm("popc.b64 %0, %1;"
                           : "=r"(ones)
                           : "l"(a));
                       asm("clz.b64 %0, %1;"
                           : "=r"(zeros)
                           : "l"(b));
                       asm("bfind.u64 %0, %1;"
                           : "=r"(highest)
                           : "l"(a));
                       asm("brev.b64 %0, %1;"
                           : "=l"(reversed)
                           : "l"(a)),
                       (ones = uint32_t(std::popcount(a)), zeros = uint32_t(std::countl_zero(b)),
                        highest = a == 0 ? ~0u : 63 - uint32_t(std::countl_zero(a)), reversed = reverse(a)));
    return reversed ^ ones ^ uint64_t { zeros } << 8 ^ uint64_t { highest } << 20;
  }
  static __host__ uint64_t reverse(uint64_t x) {
    return uint64_t{Counts32::reverse(uint32_t(x))} << 32 | Counts32::reverse(uint32_t(x >> 32));
  }
};
TEST(PtxBits, Counts) {
  expect_same<Counts32, uint32_t>();
  expect_same<Counts64, uint64_t>();
}

// bfe and bfi as the PTX manual spells them, bit by bit.
template <typename T>
__host__ T extracted(T a, uint32_t position, uint32_t length) {
  const uint32_t most = 8 * sizeof(T) - 1;
  const uint32_t sign_at = position + length - 1 < most ? position + length - 1 : most;
  const bool sign = std::is_signed_v<T> && length != 0 && (a >> sign_at & 1) != 0;
  T d = 0;
  for (uint32_t i = 0; i <= most; ++i) {
    const bool bit = i < length && position + i <= most ? (a >> (position + i) & 1) != 0 : sign;
    d = T(d | T(T(bit) << i));
  }
  return d;
}
struct ExtractField {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    const uint32_t position = uint32_t(b) & (c & 1 ? 255 : 63), length = uint32_t(c >> 8) & (c & 2 ? 255 : 31);
    uint32_t plain;
    int32_t with_sign;
    int64_t wide;
    ON_DEVICE_AND_HOST(
        asm("bfe.u32 %0, %1, %2, %3;"
            : "=r"(plain)
            : "r"(uint32_t(a)), "r"(position), "r"(length));
        asm("bfe.s32 %0, %1, %2, %3;"
            : "=r"(with_sign)
            : "r"(int32_t(a)), "r"(position), "r"(length));
        asm("bfe.s64 %0, %1, %2, %3;"
            : "=l"(wide)
            : "l"(a), "r"(position), "r"(length)),
        (plain = extracted(uint32_t(a), position, length), with_sign = extracted(int32_t(a), position, length),
         wide = extracted(int64_t(a), position, length)));
    return plain ^ uint64_t(uint32_t(with_sign)) << 32 ^ uint64_t(wide) * 3;
  }
};
struct InsertField {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    const uint32_t position = uint32_t(c) & (c >> 40 & 1 ? 255 : 63),
                   length = uint32_t(c >> 8) & (c >> 41 & 1 ? 255 : 31);
    uint32_t narrow;
    uint64_t wide;
    ON_DEVICE_AND_HOST(
        asm("bfi.b32 %0, %1, %2, %3, %4;"
            : "=r"(narrow)
            : "r"(uint32_t(a)), "r"(uint32_t(b)), "r"(position), "r"(length));
        asm("bfi.b64 %0, %1, %2, %3, %4;"
            : "=l"(wide)
            : "l"(a), "l"(b), "r"(position), "r"(length)),
        (narrow = inserted(uint32_t(a), uint32_t(b), position, length), wide = inserted(a, b, position, length)));
    return narrow ^ wide << 1;
  }
  template <typename T>
  static __host__ T inserted(T a, T b, uint32_t position, uint32_t length) {
    T d = b;
    for (uint32_t i = 0; i < length && position + i < 8 * sizeof(T); ++i) {
      d &= ~(T{1} << (position + i));
      if (i < 8 * sizeof(T)) d |= (a >> i & 1) << (position + i);
    }
    return d;
  }
};
TEST(PtxBits, ExtractField) {
  expect_same<ExtractField, uint64_t>();
}
TEST(PtxBits, InsertField) {
  expect_same<InsertField, uint64_t>();
}

struct PermuteBytes {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T d;
    ON_DEVICE_AND_HOST(asm("prmt.b32 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c)), d = reference(a, b, c));
    return d;
  }
  static __host__ uint32_t reference(uint32_t a, uint32_t b, uint32_t c) {
    uint8_t bytes[8];
    memcpy(bytes, &a, 4);
    memcpy(bytes + 4, &b, 4);
    uint32_t d = 0;
    for (int k = 0; k < 4; ++k) {
      const uint32_t nibble = c >> (4 * k) & 15;
      const uint8_t byte = bytes[nibble % 8];
      d |= uint32_t(nibble < 8 ? byte : byte >= 128 ? 255 : 0) << (8 * k);
    }
    return d;
  }
};
TEST(PtxBits, PermuteBytes) {
  expect_same<PermuteBytes, uint32_t>();
}

struct Compare {
  template <typename T>
  static __host__ __device__ uint32_t apply(T a, T b, T c) {
    return uint32_t(a < b) | uint32_t(a <= b) << 1 | uint32_t(a > c) << 2 | uint32_t(a >= c) << 3 |
           uint32_t(a == b) << 4 | uint32_t(b != c) << 5 | uint32_t(a < b && b < c) << 6 |
           uint32_t(a < b || !(b < c)) << 7;
  }
};
struct Select {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    return a > b ? c : a;
  }
};
TEST(PtxBits, Compare) {
  expect_same_for<Compare>(Integers{});
}
TEST(PtxBits, Select) {
  expect_same_for<Select>(Integers{});
}

struct ComparePredicates {  // with a second result, combined with another predicate, negated
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T d;
    ON_DEVICE_AND_HOST(asm("{ .reg .pred p, q, r, s, t, u; setp.lo.u32 r, %2, %3;\n\t"
                           "setp.lt.and.s32 p|q, %1, %2, !r; setp.ge.xor.u32 s|t, %1, %3, r; not.pred u, s;\n\t"
                           "selp.u32 %0, 1, 0, p; @q or.b32 %0, %0, 2; @!s or.b32 %0, %0, 4; @t or.b32 %0, %0, 8;\n\t"
                           "@u or.b32 %0, %0, 16; }"
                           : "=&r"(d)
                           : "r"(a), "r"(b), "r"(c)),
                       d = reference(a, b, c));
    return d;
  }
  static __host__ uint32_t reference(uint32_t a, uint32_t b, uint32_t c) {
    const bool r = b < c, less = int32_t(a) < int32_t(b), greater = a >= c;
    const bool p = less && !r, q = !less && !r, s = greater != r, t = !greater != r;
    return uint32_t{p} | uint32_t{q} << 1 | uint32_t{!s} << 2 | uint32_t{t} << 3 | uint32_t{!s} << 4;
  }
};
struct SetAndSelectBySign {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T mask, by_sign, zero;
    float one;
    ON_DEVICE_AND_HOST(asm("set.gt.u32.s32 %0, %1, %2;"
                           : "=r"(mask)
                           : "r"(a), "r"(b));
                       asm("set.le.f32.u32 %0, %1, %2;"
                           : "=f"(one)
                           : "r"(a), "r"(b));
                       asm("slct.u32.s32 %0, %1, %2, %3;"
                           : "=r"(by_sign)
                           : "r"(a), "r"(b), "r"(c));
                       asm("cnot.b32 %0, %1;"
                           : "=r"(zero)
                           : "r"(c)),
                       (mask = int32_t(a) > int32_t(b) ? ~0u : 0, one = a <= b ? 1.0f : 0.0f,
                        by_sign = int32_t(c) >= 0 ? a : b, zero = c == 0));
    return mask ^ by_sign ^ zero << 4 ^ uint32_t(one * 64);
  }
};
TEST(PtxBits, ComparePredicates) {
  expect_same<ComparePredicates, uint32_t>();
}
TEST(PtxBits, SetAndSelectBySign) {
  expect_same<SetAndSelectBySign, uint32_t>();
}

}  // namespace ptx_bits
}  // namespace simulated_gpu::test
