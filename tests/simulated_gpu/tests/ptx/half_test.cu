// Arithmetic of fp16 and bfloat16, alone and in pairs. The references round once from an exact value.
#include <algorithm>
#include <bit>
#include <cmath>

#include "tests/ptx/same_result.h"

namespace simulated_gpu::test {
namespace ptx_half {

// A format of 16 bits: 1 of sign, some of exponent, the rest of mantissa.
struct Format {
  int mantissa_bits, least_exponent, most_exponent;  // of the value 1.m * 2^e
};
constexpr Format kHalf{10, -14, 15}, kBfloat{7, -126, 127};

__host__ inline double value_of(const Format& format, uint16_t bits) {
  const int exponent_bits = bits >> format.mantissa_bits & (0x7fff >> format.mantissa_bits);
  const int mantissa = bits & ((1 << format.mantissa_bits) - 1);
  double magnitude;
  if (exponent_bits == 0x7fff >> format.mantissa_bits)
    magnitude = mantissa ? std::nan("") : INFINITY;
  else if (exponent_bits == 0)
    magnitude = std::ldexp(mantissa, format.least_exponent - format.mantissa_bits);
  else
    magnitude = std::ldexp(mantissa + (1 << format.mantissa_bits),
                           exponent_bits - 1 + format.least_exponent - format.mantissa_bits);
  return bits & 0x8000 ? -magnitude : magnitude;
}

// To nearest, ties to even, of an exact value: the 64 bits of an x87 mantissa hold every sum and product of two halves
// that is not decided by its leading bits alone.
__host__ inline uint16_t nearest(const Format& format, long double exact) {
  const uint16_t sign = std::signbit(exact) ? 0x8000 : 0;
  const uint16_t infinity = uint16_t(0x7fff >> format.mantissa_bits << format.mantissa_bits);
  if (std::isnan(exact)) return uint16_t(infinity | 1);
  const long double magnitude = std::fabs(exact);
  if (magnitude == 0) return sign;
  if (std::isinf(magnitude)) return uint16_t(sign | infinity);
  const int exponent = std::max(std::ilogb(magnitude), format.least_exponent);
  // In units of the last place; ldexp is exact, nearbyint rounds to even.
  const long double units = std::nearbyint(std::ldexp(magnitude, format.mantissa_bits - exponent));
  const uint32_t bits = (uint32_t(exponent - format.least_exponent) << format.mantissa_bits) + uint32_t(units);
  return uint16_t(sign | (bits >= infinity ? infinity : bits));
}

template <typename T>
struct FormatOf;
template <>
struct FormatOf<__half> {
  static constexpr Format kFormat = kHalf;
};
template <>
struct FormatOf<__nv_bfloat16> {
  static constexpr Format kFormat = kBfloat;
};
template <typename T>
__host__ long double exact(T x) {
  return value_of(FormatOf<T>::kFormat, seen_as<uint16_t>(x));
}
template <typename T>
__host__ T rounded(long double x) {
  return seen_as<T>(nearest(FormatOf<T>::kFormat, x));
}
using Halves = Types<__half, __nv_bfloat16>;

struct SumDifferenceProduct {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    T sum, difference, product;
    ON_DEVICE_AND_HOST(sum = __hadd(a, b); difference = __hsub(a, c);
                       product = __hmul(b, c),
                       (sum = rounded<T>(exact(a) + exact(b)), difference = rounded<T>(exact(a) - exact(c)),
                        product = rounded<T>(exact(b) * exact(c))));
    return bits_of(sum) ^ bits_of(difference) << 16 ^ bits_of(product) << 32;
  }
};
TEST(PtxHalf, SumDifferenceProduct) {
  expect_same_for<SumDifferenceProduct>(Halves{});
}

// a * b + c of fp16, exactly: all are multiples of 2^-48 and less than 2^33.
__host__ inline __half fused(__half a, __half b, __half c) {
  const long double x = exact(a), y = exact(b), z = exact(c);
  if (!std::isfinite(x) || !std::isfinite(y) || !std::isfinite(z)) return rounded<__half>(x * y + z);
  const __int128 product = __int128(std::ldexp(x, 24)) * __int128(std::ldexp(y, 24));
  const __int128 sum = product + __int128(std::ldexp(z, 48));
  if (sum == 0) return rounded<__half>(x * y + z);
  const unsigned __int128 magnitude = sum < 0 ? -(unsigned __int128)(sum) : (unsigned __int128)(sum);
  // Beyond 60 bits what follows only matters as "some".
  int dropped = 0;
  while (magnitude >> dropped >> 60) ++dropped;
  const bool sticky = (magnitude & (((unsigned __int128)1 << dropped) - 1)) != 0;
  const long double kept = std::ldexp((long double)(uint64_t(magnitude >> dropped) << 1 | sticky), dropped - 49);
  return rounded<__half>(sum < 0 ? -kept : kept);
}
struct HalfMultiplyAdd {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    ON_DEVICE_AND_HOST(return __hfma(a, b, c), return fused(a, b, c));
  }
};
TEST(PtxHalf, FusedMultiplyAdd) {
  expect_same<HalfMultiplyAdd, __half>();
}

// Where rounding through fp32 first goes wrong: the product is all but half a unit in the last place of the sum.
struct HalfMultiplyAddNearMiddle {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    const unsigned x = 1024 + unsigned(a % 1024), y = (2097152 + x / 2) / x;  // x * y is near 2^21
    const __half z = seen_as<__half>(uint16_t(0x3c00 | (b & 0x83ff)));        // 1 to 2
    const __half s = __float2half_rn(float(x) / 1024),
                 t = __float2half_rn(float(y) / (c % 2 ? 4194304.0f : -4194304.0f));
    ON_DEVICE_AND_HOST(return bits_of(__hfma(s, t, z)), return bits_of(fused(s, t, z)));
  }
};
TEST(PtxHalf, FusedMultiplyAddNearMiddle) {
  expect_same<HalfMultiplyAddNearMiddle, uint64_t>();
}

// x * y + z of bfloat16: the product has 16 bits, so that what x87 loses of a sum is a trifle that only breaks ties.
__host__ inline __nv_bfloat16 fused(__nv_bfloat16 x, __nv_bfloat16 y, __nv_bfloat16 z) {
  const long double product = exact(x) * exact(y), addend = exact(z), sum = product + addend;
  if (product == 0 || addend == 0 || !std::isfinite(sum)) return rounded<__nv_bfloat16>(sum);
  if (sum == product) return rounded<__nv_bfloat16>(std::nextafter(sum, addend > 0 ? INFINITY : -INFINITY));
  if (sum == addend) return rounded<__nv_bfloat16>(std::nextafter(sum, product > 0 ? INFINITY : -INFINITY));
  return rounded<__nv_bfloat16>(sum);
}
struct BfloatMultiplyAdd {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    const __nv_bfloat16 x = seen_as<__nv_bfloat16>(a), y = seen_as<__nv_bfloat16>(b), z = seen_as<__nv_bfloat16>(c);
    // Odd times one and a half: often in the middle of two, and then there is the addend, near or far.
    const __nv_bfloat16 odd = seen_as<__nv_bfloat16>(uint16_t(0x3f81 | (a >> 16 & 0x7e)));
    ON_DEVICE_AND_HOST(return bits_of(__hfma(x, y, z)) ^ bits_of(__hfma(odd, __nv_bfloat16(1.5f), z)) << 16,
                              return bits_of(fused(x, y, z)) ^ bits_of(fused(odd, __nv_bfloat16(1.5f), z)) << 16);
  }
};
TEST(PtxHalf, BfloatFusedMultiplyAdd) {
  expect_same<BfloatMultiplyAdd, uint64_t>();
}

struct Pairs {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    T sum, product;
    ON_DEVICE_AND_HOST(sum = __hadd2(a, b);
                       product = __hmul2(a, c),
                       (sum = T(each(exact(a.x) + exact(b.x), a.x), each(exact(a.y) + exact(b.y), a.x)),
                        product = T(each(exact(a.x) * exact(c.x), a.x), each(exact(a.y) * exact(c.y), a.x))));
    return bits_of(sum) ^ bits_of(product) << 7;
  }
  template <typename T>
  static __host__ T each(long double x, T) {
    return rounded<T>(x);
  }
};
TEST(PtxHalf, Pairs) {
  expect_same_for<Pairs>(Types<__half2, __nv_bfloat162>{});
}

struct SaturateAndRectify {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    T saturated, rectified;
    ON_DEVICE_AND_HOST(saturated = __hfma_sat(a, b, c);
                       rectified = __hfma_relu(a, b, c),
                       (saturated = clamp(fused(a, b, c)), rectified = rectify(fused(a, b, c))));
    return bits_of(saturated) ^ bits_of(rectified) << 16;
  }
  static __host__ __half clamp(__half x) {
    const double value = double(exact(x));
    return rounded<__half>(value > 0 ? std::min(value, 1.0) : 0.0);
  }
  static __host__ __half rectify(__half x) { return exact(x) < 0 ? rounded<__half>(0) : x; }
};
TEST(PtxHalf, SaturateAndRectify) {
  expect_same<SaturateAndRectify, __half>();
}

struct Compare {
  template <typename T>
  static __host__ __device__ uint32_t apply(T a, T b, T c) {
    bool holds[6];
    ON_DEVICE_AND_HOST(holds[0] = __hlt(a, b); holds[1] = __hge(a, b); holds[2] = __heq(b, c); holds[3] = __hneu(b, c);
                       holds[4] = __hgtu(a, c); holds[5] = __hisnan(a), reference(exact(a), exact(b), exact(c), holds));
    uint32_t d = 0;
    for (int i = 0; i < 6; ++i) d |= uint32_t{holds[i]} << i;
    return d;
  }
  static __host__ void reference(long double a, long double b, long double c, bool* holds) {
    holds[0] = a < b;
    holds[1] = a >= b;
    holds[2] = b == c;
    holds[3] = !(b == c);
    holds[4] = !(a <= c);
    holds[5] = std::isnan(a);
  }
};
struct ComparePairs {
  template <typename T>
  static __host__ __device__ uint32_t apply(T a, T b, T) {
    T ones;
    uint32_t mask;
    bool both;
    ON_DEVICE_AND_HOST(ones = __hlt2(a, b); mask = __hge2_mask(a, b);
                       both = __hbeq2(a, b),
                       (ones = T(from(exact(a.x) < exact(b.x), a.x), from(exact(a.y) < exact(b.y), a.x)),
                        mask = (exact(a.x) >= exact(b.x) ? 0xffffu : 0) | (exact(a.y) >= exact(b.y) ? 0xffff0000u : 0),
                        both = exact(a.x) == exact(b.x) && exact(a.y) == exact(b.y)));
    return uint32_t(bits_of(ones)) ^ mask ^ uint32_t { both } << 9;
  }
  template <typename T>
  static __host__ T from(bool holds, T) {
    return rounded<T>(holds);
  }
};
TEST(PtxHalf, Compare) {
  expect_same_for<Compare>(Halves{});
}
TEST(PtxHalf, ComparePairs) {
  expect_same_for<ComparePairs>(Types<__half2, __nv_bfloat162>{});
}

struct MinimumMaximum {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    T low, high, high_nan;
    ON_DEVICE_AND_HOST(low = __hmin(a, b); high = __hmax(b, c);
                       high_nan = __hmax_nan(a, c),
                       (low = least(a, b), high = negative(least(negative(b), negative(c))),
                        high_nan = std::isnan(exact(a))   ? a
                                   : std::isnan(exact(c)) ? c
                                                          : negative(least(negative(a), negative(c)))));
    return bits_of(low) ^ bits_of(high) << 16 ^ bits_of(high_nan) << 32;
  }
  template <typename T>
  static __host__ T negative(T x) {
    return seen_as<T>(uint16_t(seen_as<uint16_t>(x) ^ 0x8000));
  }
  template <typename T>
  static __host__ T least(T a, T b) {
    if (std::isnan(exact(a)) || std::isnan(exact(b))) return std::isnan(exact(a)) ? b : a;
    if (exact(a) == exact(b)) return std::signbit(exact(a)) ? a : b;
    return exact(a) < exact(b) ? a : b;
  }
};
TEST(PtxHalf, MinimumMaximum) {
  expect_same_for<MinimumMaximum>(Halves{});
}

struct Conversions {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    const float x = seen_as<float>(a);
    const double y = seen_as<double>(b);
    __half narrow, from_double, from_int;
    __nv_bfloat16 bfloat, from_double_bfloat;
    float widened;
    ON_DEVICE_AND_HOST(narrow = __float2half_rn(x); from_double = __double2half(y); bfloat = __float2bfloat16_rn(x);
                       from_double_bfloat = __double2bfloat16(y); from_int = __int2half_rn(int(c));
                       widened = __half2float(seen_as<__half>(b)),
                       (narrow = rounded<__half>(x), from_double = rounded<__half>(y),
                        bfloat = rounded<__nv_bfloat16>(x), from_double_bfloat = rounded<__nv_bfloat16>(y),
                        from_int = rounded<__half>(int(c)), widened = float(exact(seen_as<__half>(b)))));
    return bits_of(narrow) ^ bits_of(from_double) << 9 ^ bits_of(bfloat) << 18 ^ bits_of(from_double_bfloat) << 27 ^
           bits_of(from_int) << 36 ^ bits_of(widened) << 13;
  }
};
TEST(PtxHalf, Conversions) {
  expect_same<Conversions, uint64_t>();
}

struct DoubleNearMiddle {  // all but half a unit in the last place: rounding to fp32 first would make a tie of it
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T) {
    const double x = (1024.5 + double(a % 1024)) / 1024 + (double(b % 3) - 1) * 1e-12;
    ON_DEVICE_AND_HOST(return bits_of(__double2half(x)), return bits_of(rounded<__half>(x)));
  }
};
TEST(PtxHalf, DoubleNearMiddle) {
  expect_same<DoubleNearMiddle, uint64_t>();
}

struct DirectedConversions {  // the neighbours on both sides of the value, or the value itself
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T) {
    const float x =
        seen_as<float>(a % 3 ? 0x30000000u + uint32_t(a) % 0x20000000u : uint32_t(a)) * (b & 1 ? 1.0f : -1.0f);
    __half down, up, zero;
    ON_DEVICE_AND_HOST(down = __float2half_rd(x); up = __float2half_ru(x);
                       zero = __float2half_rz(x), reference(x, down, up, zero));
    return bits_of(down) ^ bits_of(up) << 16 ^ bits_of(zero) << 32;
  }
  static __host__ void reference(float x, __half& down, __half& up, __half& zero) {
    down = up = rounded<__half>(x);
    if (exact(down) > x) down = beside(down, -INFINITY);
    if (exact(up) < x) up = beside(up, INFINITY);
    zero = x < 0 ? up : down;
  }
  static __host__ __half beside(__half x, long double toward) {
    const uint16_t bits = seen_as<uint16_t>(x);
    const bool grows = (bits & 0x8000) != 0 ? toward < 0 : toward > 0;
    if ((bits & 0x7fff) == 0) return seen_as<__half>(uint16_t(toward < 0 ? 0x8001 : 1));
    return seen_as<__half>(uint16_t(grows ? bits + 1 : bits - 1));
  }
};
TEST(PtxHalf, DirectedConversions) {
  expect_same<DirectedConversions, uint64_t>();
}

}  // namespace ptx_half
}  // namespace simulated_gpu::test
