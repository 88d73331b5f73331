// cvt between all pairs of number types, its roundings to integers, clamping, saturation, pairs, tf32.
#include <algorithm>
#include <cfenv>
#include <cmath>
#include <limits>

#include "tests/ptx/same_result.h"

namespace simulated_gpu::test {
namespace ptx_conversion {

struct ToIntegers {  // from integers: wrap around
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    return uint64_t(int64_t(a)) + uint64_t(int16_t(b)) + uint8_t(c) + uint64_t(int8_t(a)) + uint32_t(b) + uint16_t(c) +
           uint64_t(int32_t(a));
  }
};
struct ToFloats {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T) {
    return bits_of(float(a)) ^ bits_of(double(b)) << 1;
  }
};
struct FloatToIntegers {  // where C++ defines it
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    const bool defined = std::fabs(a) < T(2e9) && std::fabs(b) < T(9e18) && c >= 0 && c < T(4e9);
    return defined ? uint64_t(int32_t(a)) + uint64_t(int64_t(b)) + uint32_t(c) + uint64_t(c) : 0;
  }
};
TEST(PtxConversion, IntegersToIntegers) {
  expect_same_for<ToIntegers>(Integers{});
}
TEST(PtxConversion, IntegersToFloats) {
  expect_same_for<ToFloats>(Integers{});
}
TEST(PtxConversion, FloatsToFloats) {
  expect_same_for<ToFloats>(Floats{});
}
TEST(PtxConversion, FloatsToIntegers) {
  expect_same_for<FloatToIntegers>(Floats{});
}

// Out of range: the nearest integer that there is; NaN: 0.
template <typename Integer>
Integer clamped(double integral) {
  if (std::isnan(integral)) return 0;
  if (integral <= double(std::numeric_limits<Integer>::min())) return std::numeric_limits<Integer>::min();
  if (integral >= std::ldexp(1.0, std::numeric_limits<Integer>::digits)) return std::numeric_limits<Integer>::max();
  return Integer(integral);
}
struct RoundToInteger {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    const float x = seen_as<float>(a);
    const double y = seen_as<double>(b), z = seen_as<double>(c);
    int32_t nearest, low;
    uint32_t up;
    int64_t wide;
    uint64_t zero;
    ON_DEVICE_AND_HOST(asm("cvt.rni.s32.f32 %0, %1;"
                           : "=r"(nearest)
                           : "f"(x));
                       asm("cvt.rpi.u32.f32 %0, %1;"
                           : "=r"(up)
                           : "f"(x));
                       asm("cvt.rmi.s32.f64 %0, %1;"
                           : "=r"(low)
                           : "d"(y));
                       asm("cvt.rni.s64.f64 %0, %1;"
                           : "=l"(wide)
                           : "d"(z));
                       asm("cvt.rzi.u64.f64 %0, %1;"
                           : "=l"(zero)
                           : "d"(y)),
                       (nearest = clamped<int32_t>(std::nearbyint(x)), up = clamped<uint32_t>(std::ceil(x)),
                        low = clamped<int32_t>(std::floor(y)), wide = clamped<int64_t>(std::nearbyint(z)),
                        zero = clamped<uint64_t>(std::trunc(y))));
    return uint32_t(nearest) + uint64_t{up} * 3 + (uint64_t(uint32_t(low)) << 32) + uint64_t(wide) * 5 + zero * 7;
  }
};
struct RoundToNarrowInteger {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T) {
    const float x = seen_as<float>(a), y = seen_as<float>(b);
    int32_t byte, unsigned_byte;
    int16_t half;
    ON_DEVICE_AND_HOST(asm("cvt.rni.sat.s8.f32 %0, %1;"
                           : "=r"(byte)
                           : "f"(x));
                       asm("cvt.rzi.u8.f32 %0, %1;"
                           : "=r"(unsigned_byte)
                           : "f"(y));
                       asm("cvt.rmi.s16.f32 %0, %1;"
                           : "=h"(half)
                           : "f"(x)),
                       (byte = clamped<int8_t>(std::nearbyint(x)), unsigned_byte = clamped<uint8_t>(std::trunc(y)),
                        half = clamped<int16_t>(std::floor(x))));
    return uint32_t(byte) ^ uint64_t(uint32_t(unsigned_byte)) << 32 ^ uint64_t(uint16_t(half)) << 16;
  }
};
TEST(PtxConversion, RoundToInteger) {
  expect_same<RoundToInteger, uint64_t>();
  expect_same<RoundToNarrowInteger, uint64_t>();
}

struct SaturateIntegers {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    int32_t byte, unsigned_half, word;
    uint32_t from_signed;
    ON_DEVICE_AND_HOST(asm("cvt.sat.s8.s32 %0, %1;"
                           : "=r"(byte)
                           : "r"(int32_t(a)));
                       asm("cvt.sat.u16.s32 %0, %1;"
                           : "=r"(unsigned_half)
                           : "r"(int32_t(b)));
                       asm("cvt.sat.s32.u64 %0, %1;"
                           : "=r"(word)
                           : "l"(c));
                       asm("cvt.sat.u32.s64 %0, %1;"
                           : "=r"(from_signed)
                           : "l"(a)),
                       (byte = std::clamp(int32_t(a), -128, 127), unsigned_half = std::clamp(int32_t(b), 0, 65535),
                        word = c > INT32_MAX ? INT32_MAX : int32_t(c),
                        from_signed = uint32_t(std::clamp<int64_t>(int64_t(a), 0, UINT32_MAX))));
    return uint32_t(byte) ^ uint64_t(uint32_t(unsigned_half)) << 20 ^ uint64_t(uint32_t(word)) << 32 ^ from_signed;
  }
};
struct SaturateFloats {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T) {
    const float x = seen_as<float>(a);
    const double y = seen_as<double>(b);
    float clamped_x, rounded_y;
    ON_DEVICE_AND_HOST(
        asm("cvt.sat.f32.f32 %0, %1;"
            : "=f"(clamped_x)
            : "f"(x));
        asm("cvt.rn.sat.f32.f64 %0, %1;"
            : "=f"(rounded_y)
            : "d"(y)),
        (clamped_x = x > 0 ? std::min(x, 1.0f) : 0.0f, rounded_y = y > 0 ? float(std::min(y, 1.0)) : 0.0f));
    return bits_of(clamped_x) ^ bits_of(rounded_y) << 1;
  }
};
TEST(PtxConversion, Saturate) {
  expect_same<SaturateIntegers, uint64_t>();
  expect_same<SaturateFloats, uint64_t>();
}

template <typename Function>
float in_mode(int mode, Function function) {
  std::fesetround(mode);
  const volatile float result = function();
  std::fesetround(FE_TONEAREST);
  return result;
}
struct DirectedRoundings {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    const double x = seen_as<double>(a);
    float d[4];
    ON_DEVICE_AND_HOST(asm("cvt.rz.f32.f64 %0, %1;"
                           : "=f"(d[0])
                           : "d"(x));
                       asm("cvt.rp.f32.f64 %0, %1;"
                           : "=f"(d[1])
                           : "d"(x));
                       asm("cvt.rm.f32.s64 %0, %1;"
                           : "=f"(d[2])
                           : "l"(b));
                       asm("cvt.rz.f32.u32 %0, %1;"
                           : "=f"(d[3])
                           : "r"(uint32_t(c))),
                       reference(x, int64_t(b), uint32_t(c), d));
    return bits_of(d[0]) ^ bits_of(d[1]) << 1 ^ bits_of(d[2]) << 2 ^ bits_of(d[3]) << 3;
  }
  static __host__ void reference(double a, int64_t b, uint32_t c, float* d) {
    const volatile double x = a;
    const volatile int64_t y = b;
    const volatile uint32_t z = c;
    d[0] = in_mode(FE_TOWARDZERO, [&] { return float(x); });
    d[1] = in_mode(FE_UPWARD, [&] { return float(x); });
    d[2] = in_mode(FE_DOWNWARD, [&] { return float(y); });
    d[3] = in_mode(FE_TOWARDZERO, [&] { return float(z); });
  }
};
TEST(PtxConversion, DirectedRoundings) {
  expect_same<DirectedRoundings, uint64_t>();
}

struct PackedHalves {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T) {
    const float x = seen_as<float>(a), y = seen_as<float>(b);
    uint32_t halves, bfloats, rectified;
    ON_DEVICE_AND_HOST(asm("cvt.rn.f16x2.f32 %0, %1, %2;"
                           : "=r"(halves)
                           : "f"(x), "f"(y));
                       asm("cvt.rn.bf16x2.f32 %0, %1, %2;"
                           : "=r"(bfloats)
                           : "f"(y), "f"(x));
                       asm("cvt.rn.relu.f16x2.f32 %0, %1, %2;"
                           : "=r"(rectified)
                           : "f"(x), "f"(y)),
                       (halves = pair(__float2half_rn(y), __float2half_rn(x)),
                        bfloats = pair(__float2bfloat16_rn(x), __float2bfloat16_rn(y)),
                        rectified = pair(__float2half_rn(rectify(y)), __float2half_rn(rectify(x)))));
    return x == x && y == y ? halves ^ uint64_t { bfloats } << 32 ^ uint64_t { rectified } << 16 : 0;
  }
  template <typename T>
  static __host__ uint32_t pair(T low, T high) {
    return seen_as<uint16_t>(low) | uint32_t{seen_as<uint16_t>(high)} << 16;
  }
  static __host__ float rectify(float x) { return x > 0 ? x : 0.0f; }
};
TEST(PtxConversion, PackedHalves) {
  expect_same<PackedHalves, uint64_t>();
}

struct Tf32 {  // 10 bits of mantissa, ties away from zero
  template <typename T>
  static __host__ __device__ T apply(T a, T, T) {
    const float x = seen_as<float>(a);
    uint32_t d;
    ON_DEVICE_AND_HOST(asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(d) : "f"(x)), d = reference(x));
    return x == x ? d : 0;
  }
  static __host__ uint32_t reference(float x) {
    if (std::isinf(x) || x == 0) return seen_as<uint32_t>(x);
    const int exponent = std::max(std::ilogb(x), -126);
    const double rounded = std::ldexp(std::round(std::ldexp(double(x), 10 - exponent)), exponent - 10);
    return seen_as<uint32_t>(float(rounded));
  }
};
TEST(PtxConversion, Tf32) {
  expect_same<Tf32, uint32_t>();
}

struct PackAndUnpack {  // mov between a whole and its parts
  template <typename T>
  static __host__ __device__ T apply(T a, T, T) {
    uint64_t whole;
    ON_DEVICE_AND_HOST(
        asm("{ .reg .b16 p, q, r, s; .reg .b32 low, high; mov.b64 {p, q, r, s}, %1; mov.b32 low, {s, p};\n\t"
            "mov.b32 high, {r, q}; mov.b64 %0, {low, high}; mov.b64 {_, low}, %0; mov.b64 %0, {high, low}; }"
            : "=&l"(whole)
            : "l"(a)),
        whole = reference(a));
    return whole;
  }
  static __host__ uint64_t reference(uint64_t a) {
    uint16_t part[4];
    memcpy(part, &a, 8);
    const uint64_t high = part[2] | uint32_t{part[1]} << 16;
    return high | high << 32;
  }
};
TEST(PtxConversion, PackAndUnpack) {
  expect_same<PackAndUnpack, uint64_t>();
}

}  // namespace ptx_conversion
}  // namespace simulated_gpu::test
