// add, sub, mul, mad, div, rem, min, max, abs, neg, sad, dp4a, dp2a, mul24, carries.
#include "tests/ptx/same_result.h"

namespace simulated_gpu::test {
namespace ptx_integer {

struct AddAndSubtract {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    return T(a + b - c);
  }
};
struct MultiplyAdd {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    return T(uint64_t(a) * uint64_t(b) + uint64_t(c));
  }
};
template <typename T>
__host__ __device__ bool divides(T a, T b) {  // C++ leaves the rest undefined
  return b != 0 && !(std::is_signed_v<T> && b == T(-1) && a == T(T(1) << (8 * sizeof(T) - 1)));
}
struct Divide {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T) {
    return divides(a, b) ? T(a / b) : T(0);
  }
};
struct Remainder {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T) {
    return divides(a, b) ? T(a % b) : T(0);
  }
};
struct MinimumAndMaximum {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    return T((a < b ? a : b) + (b > c ? b : c));
  }
};
struct Absolute {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T) {
    T absolute = a;
    if constexpr (std::is_signed_v<T>) absolute = a < 0 ? T(T(0) - a) : a;
    return T(absolute ^ T(T(0) - b));
  }
};

TEST(PtxInteger, AddAndSubtract) {
  expect_same_for<AddAndSubtract>(Integers{});
}
TEST(PtxInteger, MultiplyAdd) {
  expect_same_for<MultiplyAdd>(Integers{});
}
TEST(PtxInteger, Divide) {
  expect_same_for<Divide>(Integers{});
}
TEST(PtxInteger, Remainder) {
  expect_same_for<Remainder>(Integers{});
}
TEST(PtxInteger, MinimumAndMaximum) {
  expect_same_for<MinimumAndMaximum>(Integers{});
}
TEST(PtxInteger, AbsoluteAndNegate) {
  expect_same_for<Absolute>(Integers{});
}

struct MultiplyHigh {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T) {
    using Wide =
        std::conditional_t<sizeof(T) == 8, std::conditional_t<std::is_signed_v<T>, __int128, unsigned __int128>,
                           std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>>;
    return T((Wide(a) * Wide(b)) >> (8 * sizeof(T)));
  }
};
struct MultiplyWide {  // to twice the width
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    using Wide = std::conditional_t<std::is_signed_v<T>, int64_t, uint64_t>;
    return uint64_t(Wide(a) * Wide(b)) + uint64_t(Wide(c));
  }
};
TEST(PtxInteger, MultiplyHigh) {
  expect_same_for<MultiplyHigh>(Types<uint32_t, int32_t, uint64_t, int64_t>{});
}
TEST(PtxInteger, MultiplyWide) {
  expect_same_for<MultiplyWide>(Types<uint16_t, int16_t, uint32_t, int32_t>{});
}

struct MadHighU32 {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T d;
    ON_DEVICE_AND_HOST(asm("mad.hi.u32 %0, %1, %2, %3;"
                           : "=r"(d)
                           : "r"(a), "r"(b), "r"(c)),
                       d = T((uint64_t(a) * b >> 32) + c));
    return d;
  }
};
struct MadHighS64 {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T d;
    ON_DEVICE_AND_HOST(asm("mad.hi.s64 %0, %1, %2, %3;"
                           : "=l"(d)
                           : "l"(a), "l"(b), "l"(c)),
                       d = T(uint64_t(__int128(a) * b >> 64) + uint64_t(c)));
    return d;
  }
};
struct MulWideS16 {
  template <typename T>
  static __host__ __device__ int32_t apply(T a, T b, T) {
    int32_t d;
    ON_DEVICE_AND_HOST(asm("mul.wide.s16 %0, %1, %2;" : "=r"(d) : "h"(a), "h"(b)), d = int32_t(a) * int32_t(b));
    return d;
  }
};
struct MadWideU32 {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    uint64_t d;
    const uint64_t wide = uint64_t(c) << 31;
    ON_DEVICE_AND_HOST(asm("mad.wide.u32 %0, %1, %2, %3;"
                           : "=l"(d)
                           : "r"(a), "r"(b), "l"(wide)),
                       d = uint64_t(a) * b + wide);
    return d;
  }
};
TEST(PtxInteger, MadHighAndWide) {
  expect_same<MadHighU32, uint32_t>();
  expect_same<MadHighS64, int64_t>();
  expect_same<MulWideS16, int16_t>();
  expect_same<MadWideU32, uint32_t>();
}

struct DivideByZero {  // what GPUs give, and C++ does not define
  template <typename T>
  static __host__ __device__ T apply(T a, T, T) {
    T quotient, remainder;
    ON_DEVICE_AND_HOST(asm("{ .reg .u32 z; mov.u32 z, 0; div.u32 %0, %2, z; rem.u32 %1, %2, z; }"
                           : "=r"(quotient), "=r"(remainder)
                           : "r"(a)),
                       (quotient = ~T{0}, remainder = a));
    return quotient ^ remainder;
  }
};
TEST(PtxInteger, DivideByZero) {
  expect_same<DivideByZero, uint32_t>();
}

struct SaturatingSum {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T sum, difference;
    ON_DEVICE_AND_HOST(asm("add.sat.s32 %0, %1, %2;"
                           : "=r"(sum)
                           : "r"(a), "r"(b));
                       asm("sub.sat.s32 %0, %1, %2;"
                           : "=r"(difference)
                           : "r"(a), "r"(c)),
                       (sum = clamped(int64_t{a} + b), difference = clamped(int64_t{a} - c)));
    return sum ^ T(uint32_t(difference) << 7);
  }
  static __host__ int32_t clamped(int64_t value) {
    return int32_t(value > INT32_MAX ? INT32_MAX : value < INT32_MIN ? INT32_MIN : value);
  }
};
struct SumOfDifferences {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T d;
    ON_DEVICE_AND_HOST(asm("sad.s32 %0, %1, %2, %3;"
                           : "=r"(d)
                           : "r"(a), "r"(b), "r"(c)),
                       d = T(uint32_t(c) + uint32_t(a < b ? int64_t{b} - a : int64_t{a} - b)));
    return d;
  }
};
struct Multiply24 {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T d;
    ON_DEVICE_AND_HOST(asm("mad24.lo.s32 %0, %1, %2, %3;"
                           : "=r"(d)
                           : "r"(a), "r"(b), "r"(c)),
                       d = T(uint32_t(int64_t(signed24(a)) * signed24(b)) + uint32_t(c)));
    return d;
  }
  static __host__ int32_t signed24(int32_t value) {
    const int32_t low = value & 0xffffff;
    return low & 0x800000 ? low - 0x1000000 : low;
  }
};
TEST(PtxInteger, SaturatingSum) {
  expect_same<SaturatingSum, int32_t>();
}
TEST(PtxInteger, SumOfDifferences) {
  expect_same<SumOfDifferences, int32_t>();
}
TEST(PtxInteger, Multiply24) {
  expect_same<Multiply24, int32_t>();
}

struct Dot4 {  // signed by unsigned and signed by signed bytes
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T mixed, same;
    ON_DEVICE_AND_HOST(asm("dp4a.s32.u32 %0, %1, %2, %3;"
                           : "=r"(mixed)
                           : "r"(a), "r"(b), "r"(c));
                       asm("dp4a.s32.s32 %0, %1, %2, %3;"
                           : "=r"(same)
                           : "r"(a), "r"(b), "r"(c)),
                       (mixed = c + dot<int8_t, uint8_t>(a, b), same = c + dot<int8_t, int8_t>(a, b)));
    return mixed ^ same << 3;
  }
  template <typename A, typename B>
  static __host__ uint32_t dot(uint32_t a, uint32_t b) {
    int32_t sum = 0;
    for (int k = 0; k < 4; ++k) sum += int32_t(A(a >> (8 * k))) * int32_t(B(b >> (8 * k)));
    return uint32_t(sum);
  }
};
struct Dot2 {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T low, high;
    ON_DEVICE_AND_HOST(asm("dp2a.lo.s32.u32 %0, %1, %2, %3;"
                           : "=r"(low)
                           : "r"(a), "r"(b), "r"(c));
                       asm("dp2a.hi.u32.s32 %0, %1, %2, %3;"
                           : "=r"(high)
                           : "r"(a), "r"(b), "r"(c)),
                       (low = c + dot<int16_t, uint8_t>(a, b), high = c + dot<uint16_t, int8_t>(a, b >> 16)));
    return low ^ high << 3;
  }
  template <typename A, typename B>
  static __host__ uint32_t dot(uint32_t a, uint32_t b) {
    const int64_t sum = int64_t(A(a)) * B(b) + int64_t(A(a >> 16)) * B(b >> 8);
    return uint32_t(sum);
  }
};
TEST(PtxInteger, DotProducts) {
  expect_same<Dot4, uint32_t>();
  expect_same<Dot2, uint32_t>();
}

struct WideSum {  // carries through four words, added and subtracted
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    using Wide = unsigned __int128;
    Wide x = Wide(a) << 64 | b, y = Wide(c) << 64 | (a ^ b);
    Wide z = x + y;
    z -= Wide(b) << 64 | c;
    return T(z >> 64) ^ T(z);
  }
};
struct WideProduct {  // mad.lo.cc, madc.hi.cc, madc
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    T low, high, top;
    ON_DEVICE_AND_HOST(asm("mad.lo.cc.u32 %0, %3, %4, %5;\n\tmadc.hi.cc.u32 %1, %3, %4, %5;\n\taddc.u32 %2, 0, 0;"
                           : "=&r"(low), "=&r"(high), "=r"(top)
                           : "r"(a), "r"(b), "r"(c)),
                       reference(a, b, c, low, high, top));
    return low ^ high << 1 ^ top << 5;
  }
  static __host__ void reference(uint32_t a, uint32_t b, uint32_t c, uint32_t& low, uint32_t& high, uint32_t& top) {
    const uint64_t product = uint64_t(a) * b, first = uint64_t(uint32_t(product)) + c;
    const uint64_t second = (product >> 32) + c + (first >> 32);
    low = uint32_t(first);
    high = uint32_t(second);
    top = uint32_t(second >> 32);
  }
};
struct BorrowChain {  // (a, b, c) - (b, d, a), where d is often b: a borrow then passes through
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    const T d = c % 2 ? b : c;
    T low, middle, high;
    ON_DEVICE_AND_HOST(asm("sub.cc.u32 %0, %3, %4;\n\tsubc.cc.u32 %1, %4, %6;\n\tsubc.u32 %2, %5, %3;"
                           : "=&r"(low), "=&r"(middle), "=r"(high)
                           : "r"(a), "r"(b), "r"(c), "r"(d)),
                       (low = a - b, middle = b - d - (a < b), high = c - a - (b < d || (b == d && a < b))));
    return low ^ middle << 5 ^ high << 9;
  }
};
TEST(PtxInteger, Carries) {
  expect_same<WideSum, uint64_t>();
  expect_same<WideProduct, uint32_t>();
  expect_same<BorrowChain, uint32_t>();
}

}  // namespace ptx_integer
}  // namespace simulated_gpu::test
