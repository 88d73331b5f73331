// add, sub, mul, div, sqrt, rcp, fma, min, max, neg, abs, copysign, comparisons of fp32 and fp64; roundings, .ftz,
// .sat.
#include <algorithm>
#include <cfenv>
#include <cmath>
#include <limits>

#include "tests/ptx/same_result.h"

namespace simulated_gpu::test {
namespace ptx_float {

struct SumAndDifference {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    return bits_of(T(a + b)) ^ bits_of(T(b - c)) << 1;
  }
};
struct Product {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T) {
    return a * b;
  }
};
struct Quotient {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T) {
    return a / b;
  }
};
struct Root {
  template <typename T>
  static __host__ __device__ T apply(T a, T, T) {
    return std::sqrt(a);
  }
};
struct MultiplyAdd {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    return std::fma(a, b, c);
  }
};
struct Signs {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    return bits_of(T(-a)) ^ bits_of(T(std::fabs(b))) << 1 ^ bits_of(T(std::copysign(a, c))) << 2;
  }
};
struct Compare {
  template <typename T>
  static __host__ __device__ uint32_t apply(T a, T b, T c) {
    return uint32_t(a < b) | uint32_t(a <= b) << 1 | uint32_t(a > c) << 2 | uint32_t(a >= c) << 3 |
           uint32_t(a == b) << 4 | uint32_t(b != c) << 5 | uint32_t(!(a < b)) << 6 | uint32_t(a < b && !(b >= c)) << 7 |
           uint32_t(a != a) << 8;
  }
};
struct Round {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    return bits_of(T(std::floor(a))) ^ bits_of(T(std::ceil(b))) << 1 ^ bits_of(T(std::trunc(c))) << 2 ^
           bits_of(T(std::nearbyint(a))) << 3;
  }
};
struct Select {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    return a > b ? c : a;
  }
};
TEST(PtxFloat, SumAndDifference) {
  expect_same_for<SumAndDifference>(Floats{});
}
TEST(PtxFloat, Product) {
  expect_same_for<Product>(Floats{});
}
TEST(PtxFloat, Quotient) {
  expect_same_for<Quotient>(Floats{});
}
TEST(PtxFloat, SquareRoot) {
  expect_same_for<Root>(Floats{});
}
TEST(PtxFloat, FusedMultiplyAdd) {
  expect_same_for<MultiplyAdd>(Floats{});
}
TEST(PtxFloat, Signs) {
  expect_same_for<Signs>(Floats{});
}
TEST(PtxFloat, Compare) {
  expect_same_for<Compare>(Floats{});
}
TEST(PtxFloat, RoundToInteger) {
  expect_same_for<Round>(Floats{});
}
TEST(PtxFloat, Select) {
  expect_same_for<Select>(Floats{});
}

// The other operand where one is NaN; -0 less than +0.
template <typename T>
T least(T a, T b) {
  if (std::isnan(a) || std::isnan(b)) return std::isnan(a) ? b : a;
  if (a == 0 && b == 0) return std::signbit(a) || std::signbit(b) ? -T{0} : T{0};
  return std::min(a, b);
}
template <typename T>
T greatest(T a, T b) {
  return -least(-a, -b);
}
struct Extrema {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    T low, high;
    ON_DEVICE_AND_HOST(extrema(a, b, c, low, high), (low = least(a, b), high = greatest(b, c)));
    return bits_of(low) ^ bits_of(high) << 1;
  }
  static __device__ void extrema(float a, float b, float c, float& low, float& high) {
    asm("min.f32 %0, %1, %2;" : "=f"(low) : "f"(a), "f"(b));
    asm("max.f32 %0, %1, %2;" : "=f"(high) : "f"(b), "f"(c));
  }
  static __device__ void extrema(double a, double b, double c, double& low, double& high) {
    asm("min.f64 %0, %1, %2;" : "=d"(low) : "d"(a), "d"(b));
    asm("max.f64 %0, %1, %2;" : "=d"(high) : "d"(b), "d"(c));
  }
};
struct ExtremaWithNan {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    T low, high;
    ON_DEVICE_AND_HOST(asm("min.NaN.f32 %0, %1, %2;"
                           : "=f"(low)
                           : "f"(a), "f"(b));
                       asm("max.NaN.f32 %0, %1, %2;"
                           : "=f"(high)
                           : "f"(b), "f"(c)),
                       (low = std::isnan(a) || std::isnan(b) ? NAN : least(a, b),
                        high = std::isnan(b) || std::isnan(c) ? NAN : greatest(b, c)));
    return bits_of(low) ^ bits_of(high) << 1;
  }
};
TEST(PtxFloat, MinimumAndMaximum) {
  expect_same_for<Extrema>(Floats{});
  expect_same<ExtremaWithNan, float>();
}

// Directed roundings: on the host in another mode of its unit.
template <typename T, typename Function>
T in_mode(int mode, Function function) {
  std::fesetround(mode);
  const volatile T result = function();
  std::fesetround(FE_TONEAREST);
  return result;
}
struct TowardZero {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    T d[4];
    ON_DEVICE_AND_HOST(asm("add.rz.f32 %0, %1, %2;"
                           : "=f"(d[0])
                           : "f"(a), "f"(b));
                       asm("mul.rz.f32 %0, %1, %2;"
                           : "=f"(d[1])
                           : "f"(a), "f"(c));
                       asm("fma.rz.f32 %0, %1, %2, %3;"
                           : "=f"(d[2])
                           : "f"(a), "f"(b), "f"(c));
                       asm("div.rz.f32 %0, %1, %2;"
                           : "=f"(d[3])
                           : "f"(c), "f"(b)),
                       reference(a, b, c, d));
    return bits_of(d[0]) ^ bits_of(d[1]) << 1 ^ bits_of(d[2]) << 2 ^ bits_of(d[3]) << 3;
  }
  static __host__ void reference(float x, float y, float z, float* d) {
    const volatile float a = x, b = y, c = z;
    d[0] = in_mode<float>(FE_TOWARDZERO, [&] { return a + b; });
    d[1] = in_mode<float>(FE_TOWARDZERO, [&] { return a * c; });
    d[2] = in_mode<float>(FE_TOWARDZERO, [&] { return std::fma(a, b, c); });
    d[3] = in_mode<float>(FE_TOWARDZERO, [&] { return c / b; });
  }
};
struct UpAndDown {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    T d[4];
    ON_DEVICE_AND_HOST(asm("add.rm.f64 %0, %1, %2;"
                           : "=d"(d[0])
                           : "d"(a), "d"(b));
                       asm("mul.rp.f64 %0, %1, %2;"
                           : "=d"(d[1])
                           : "d"(a), "d"(c));
                       asm("fma.rm.f64 %0, %1, %2, %3;"
                           : "=d"(d[2])
                           : "d"(a), "d"(b), "d"(c));
                       asm("sqrt.rp.f64 %0, %1;"
                           : "=d"(d[3])
                           : "d"(b)),
                       reference(a, b, c, d));
    return bits_of(d[0]) ^ bits_of(d[1]) << 1 ^ bits_of(d[2]) << 2 ^ bits_of(d[3]) << 3;
  }
  static __host__ void reference(double x, double y, double z, double* d) {
    const volatile double a = x, b = y, c = z;
    d[0] = in_mode<double>(FE_DOWNWARD, [&] { return a + b; });
    d[1] = in_mode<double>(FE_UPWARD, [&] { return a * c; });
    d[2] = in_mode<double>(FE_DOWNWARD, [&] { return std::fma(a, b, c); });
    d[3] = in_mode<double>(FE_UPWARD, [&] { return std::sqrt(b); });
  }
};
TEST(PtxFloat, DirectedRoundings) {
  expect_same<TowardZero, float>();
  expect_same<UpAndDown, double>();
}

inline float flushed(float x) {
  return std::fpclassify(x) == FP_SUBNORMAL ? std::copysign(0.0f, x) : x;
}
inline float saturated(float x) {
  return x > 0 ? std::min(x, 1.0f) : 0.0f;
}

struct Flush {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    T sum, product, fused;
    uint32_t less;
    ON_DEVICE_AND_HOST(asm("sub.ftz.f32 %0, %1, %2;"
                           : "=f"(sum)
                           : "f"(a), "f"(b));
                       asm("mul.ftz.f32 %0, %1, %2;"
                           : "=f"(product)
                           : "f"(a), "f"(c));
                       asm("fma.rn.ftz.f32 %0, %1, %2, %3;"
                           : "=f"(fused)
                           : "f"(a), "f"(b), "f"(c));
                       asm("{ .reg .pred p; setp.lt.ftz.f32 p, %1, %2; selp.u32 %0, 1, 0, p; }"
                           : "=r"(less)
                           : "f"(a), "f"(c)),
                       (sum = flushed(flushed(a) - flushed(b)), product = flushed(flushed(a) * flushed(c)),
                        fused = flushed(std::fma(flushed(a), flushed(b), flushed(c))), less = flushed(a) < flushed(c)));
    return bits_of(sum) ^ bits_of(product) << 1 ^ bits_of(fused) << 2 ^ less;
  }
};
struct Saturate {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T b, T c) {
    T sum, product, fused;
    ON_DEVICE_AND_HOST(asm("add.sat.f32 %0, %1, %2;"
                           : "=f"(sum)
                           : "f"(a), "f"(b));
                       asm("mul.rn.sat.f32 %0, %1, %2;"
                           : "=f"(product)
                           : "f"(a), "f"(c));
                       asm("fma.rn.sat.f32 %0, %1, %2, %3;"
                           : "=f"(fused)
                           : "f"(a), "f"(b), "f"(c)),
                       (sum = saturated(a + b), product = saturated(a * c), fused = saturated(std::fma(a, b, c))));
    return bits_of(sum) ^ bits_of(product) << 1 ^ bits_of(fused) << 2;
  }
};
TEST(PtxFloat, FlushSubnormals) {
  expect_same<Flush, float>();
}
TEST(PtxFloat, Saturate) {
  expect_same<Saturate, float>();
}

struct Reciprocal {
  template <typename T>
  static __host__ __device__ uint64_t apply(T a, T, T) {
    float narrow;
    double wide;
    ON_DEVICE_AND_HOST(asm("rcp.rn.f32 %0, %1;"
                           : "=f"(narrow)
                           : "f"(float(a)));
                       asm("rcp.rn.f64 %0, %1;"
                           : "=d"(wide)
                           : "d"(a)),
                       (narrow = 1 / float(a), wide = 1 / a));
    return bits_of(narrow) ^ bits_of(wide) << 1;
  }
};
TEST(PtxFloat, Reciprocal) {
  expect_same<Reciprocal, double>();
}

struct UnorderedCompare {
  template <typename T>
  static __host__ __device__ T apply(T a, T b, T c) {
    const float x = seen_as<float>(a), y = seen_as<float>(c % 4 ? b : a);
    uint32_t d;
    ON_DEVICE_AND_HOST(
        asm("{ .reg .pred p; setp.equ.f32 p, %1, %2; selp.u32 %0, 1, 0, p; setp.neu.f32 p, %1, %2; @p or.b32 %0, %0, "
            "2;\n\t"
            "setp.ltu.f32 p, %1, %2; @p or.b32 %0, %0, 4; setp.leu.f32 p, %1, %2; @p or.b32 %0, %0, 8;\n\t"
            "setp.gtu.f32 p, %1, %2; @p or.b32 %0, %0, 16; setp.geu.f32 p, %1, %2; @p or.b32 %0, %0, 32;\n\t"
            "setp.num.f32 p, %1, %2; @p or.b32 %0, %0, 64; setp.nan.f32 p, %1, %2; @p or.b32 %0, %0, 128;\n\t"
            "setp.ne.f32 p, %1, %2; @p or.b32 %0, %0, 256; testp.infinite.f32 p, %1; @p or.b32 %0, %0, 512;\n\t"
            "testp.subnormal.f32 p, %1; @p or.b32 %0, %0, 1024; testp.finite.f32 p, %2; @p or.b32 %0, %0, 2048; }"
            : "=&r"(d)
            : "f"(x), "f"(y)),
        d = reference(x, y));
    return d;
  }
  static __host__ uint32_t reference(float x, float y) {
    const bool nan = std::isnan(x) || std::isnan(y);
    const bool holds[] = {nan || x == y,
                          nan || x != y,
                          nan || x < y,
                          nan || x <= y,
                          nan || x > y,
                          nan || x >= y,
                          !nan,
                          nan,
                          !nan && x != y,
                          std::isinf(x),
                          std::fpclassify(x) == FP_SUBNORMAL,
                          std::isfinite(y)};
    uint32_t d = 0;
    for (size_t i = 0; i < std::size(holds); ++i) d |= uint32_t{holds[i]} << i;
    return d;
  }
};
TEST(PtxFloat, UnorderedCompare) {
  expect_same<UnorderedCompare, uint32_t>();
}

}  // namespace ptx_float
}  // namespace simulated_gpu::test
