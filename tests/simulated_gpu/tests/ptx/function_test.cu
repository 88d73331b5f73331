// The approximations of special functions, and the mathematical library on top of them.
#include <cmath>
#include <vector>

#include <cuda_fp16.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"

namespace simulated_gpu::test {
namespace ptx_function {

__global__ void approximations_kernel(const float* in, float* out, int count) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= count) return;
  float* d = out + 10 * i;
  const float x = in[i];
  asm("rsqrt.approx.f32 %0, %1;" : "=f"(d[0]) : "f"(fabsf(x)));
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(d[1]) : "f"(x));
  asm("lg2.approx.f32 %0, %1;" : "=f"(d[2]) : "f"(fabsf(x)));
  asm("sin.approx.f32 %0, %1;" : "=f"(d[3]) : "f"(x));
  asm("cos.approx.f32 %0, %1;" : "=f"(d[4]) : "f"(x));
  asm("tanh.approx.f32 %0, %1;" : "=f"(d[5]) : "f"(x));
  asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(d[6]) : "f"(x));
  asm("sqrt.approx.f32 %0, %1;" : "=f"(d[7]) : "f"(fabsf(x)));
  asm("div.full.f32 %0, %1, %2;" : "=f"(d[8]) : "f"(3.0f), "f"(x));
  d[9] = __half2float(hexp2(__float2half(x * 0.1f)));
}
TEST(PtxFunction, Approximations) {
  constexpr int kCount = 500;
  std::vector<float> in(kCount);
  for (int i = 0; i < kCount; ++i) in[i] = (float(i) - 249.5f) * 0.05f;
  const DeviceBuffer<float> device(in), out(10 * kCount);
  approximations_kernel<<<4, 128>>>(device.data(), out.data(), kCount);
  const auto found = out.values();
  for (int i = 0; i < kCount; ++i) {
    const double x = in[i], a = std::fabs(x);
    const double expected[10] = {1 / std::sqrt(a), std::exp2(x), std::log2(a), std::sin(x), std::cos(x),
                                 std::tanh(x),     1 / x,        std::sqrt(a), 3 / x,       std::exp2(0.1 * x)};
    for (int k = 0; k < 10; ++k) {
      const double tolerance = k == 9 ? 2e-3 : 2e-6;
      EXPECT_NEAR(found[10 * i + k], expected[k], tolerance * std::fmax(1, std::fabs(expected[k]))) << k << " of " << x;
    }
  }
}

__global__ void flush_kernel(const float* in, float* out) {
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(out[0]) : "f"(in[0]));  // a result that is subnormal
  asm("ex2.approx.f32 %0, %1;" : "=f"(out[1]) : "f"(in[0]));
  asm("lg2.approx.ftz.f32 %0, %1;" : "=f"(out[2]) : "f"(in[1]));  // an operand that is
  asm("lg2.approx.f32 %0, %1;" : "=f"(out[3]) : "f"(in[1]));
}
TEST(PtxFunction, FlushSubnormals) {
  const DeviceBuffer<float> in(std::vector<float>{-130, 1e-40f}), out(4);
  flush_kernel<<<1, 1>>>(in.data(), out.data());
  const auto found = out.values();
  EXPECT_EQ(found[0], 0);
  EXPECT_EQ(found[1], std::exp2(-130.0f));
  EXPECT_EQ(found[2], -INFINITY);
  EXPECT_NEAR(found[3], std::log2(1e-40f), 1e-4);
}

__device__ __noinline__ double library(double x, int k) {
  switch (k) {
    case 0:
      return sin(x);
    case 1:
      return exp(x);
    case 2:
      return log(x + 2);
    case 3:
      return pow(x + 2, 1.5);
    case 4:
      return erf(x);
    case 5:
      return tanh(x);
    case 6:
      return cbrt(x);
    default:
      return lgamma(x + 3);
  }
}
__device__ __noinline__ float library(float x, int k) {
  switch (k) {
    case 0:
      return sinf(x * 1e6f);
    case 1:
      return expf(x);
    case 2:
      return logf(x + 2);
    case 3:
      return powf(x + 2, 1.5f);
    case 4:
      return erff(x);
    case 5:
      return tanhf(x);
    case 6:
      return log1pf(x * 0.5f);
    default:
      return fmodf(x * 50, 7.0f);
  }
}
__global__ void library_kernel(const double* in, double* wide, float* narrow, int count) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i >= count) return;
  wide[i] = library(in[i], i % 8);
  narrow[i] = library(float(in[i]), i % 8);
}
double host_library(double x, float y, int k, double& of_float) {
  const double z = y;
  switch (k) {
    case 0:
      of_float = std::sin(double(y * 1e6f));
      return std::sin(x);
    case 1:
      of_float = std::exp(z);
      return std::exp(x);
    case 2:
      of_float = std::log(double(y + 2));
      return std::log(x + 2);
    case 3:
      of_float = std::pow(double(y + 2), 1.5);
      return std::pow(x + 2, 1.5);
    case 4:
      of_float = std::erf(z);
      return std::erf(x);
    case 5:
      of_float = std::tanh(z);
      return std::tanh(x);
    case 6:
      of_float = std::log1p(double(y * 0.5f));
      return std::cbrt(x);
    default:
      of_float = std::fmod(double(y * 50), 7.0);
      return std::lgamma(x + 3);
  }
}
TEST(PtxFunction, MathematicalLibrary) {
  constexpr int kCount = 4000;
  std::vector<double> in(kCount);
  for (int i = 0; i < kCount; ++i) in[i] = -1 + 2.0 * i / kCount;
  const DeviceBuffer<double> device(in), wide(kCount);
  const DeviceBuffer<float> narrow(kCount);
  library_kernel<<<32, 128>>>(device.data(), wide.data(), narrow.data(), kCount);
  const auto found = wide.values();
  const auto found_float = narrow.values();
  for (int i = 0; i < kCount; ++i) {
    double of_float = 0;
    const double expected = host_library(in[i], float(in[i]), i % 8, of_float);
    EXPECT_NEAR(found[i], expected, 1e-14 * std::fmax(1, std::fabs(expected))) << i;
    EXPECT_NEAR(found_float[i], of_float, 1e-6 * std::fmax(1, std::fabs(of_float))) << i;
  }
}

}  // namespace ptx_function
}  // namespace simulated_gpu::test
