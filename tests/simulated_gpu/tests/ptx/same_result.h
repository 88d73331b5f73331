// A function compiled twice by nvcc, for the host and for the device: the two must agree bit for bit.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <vector>

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "testing/operands.h"
#include "tests/support/random_seed.h"

// A PTX instruction for the device, what the PTX manual says that it computes for the host.
#ifdef __CUDA_ARCH__
#define ON_DEVICE_AND_HOST(device, host) device
#else
#define ON_DEVICE_AND_HOST(device, host) host
#endif

namespace simulated_gpu::test {

// The first bytes of a value, seen as another type.
template <typename To, typename From>
__host__ __device__ To seen_as(From from) {
  static_assert(sizeof(To) <= sizeof(From));
  To to;
  memcpy(static_cast<void*>(&to), &from, sizeof to);
  return to;
}

// NaN is NaN, whatever its payload.
template <typename T>
__host__ __device__ uint64_t bits_of(T value) {
  if constexpr (std::is_floating_point_v<T>) {
    if (value != value) return ~uint64_t{0};
  } else if constexpr (std::is_same_v<T, __half>) {
    if ((seen_as<uint16_t>(value) & 0x7fff) > 0x7c00) return ~uint64_t{0};
  } else if constexpr (std::is_same_v<T, __nv_bfloat16>) {
    if ((seen_as<uint16_t>(value) & 0x7fff) > 0x7f80) return ~uint64_t{0};
  } else if constexpr (std::is_same_v<T, __half2>) {
    return bits_of(value.x) ^ bits_of(value.y) << 20;
  } else if constexpr (std::is_same_v<T, __nv_bfloat162>) {
    return bits_of(value.x) ^ bits_of(value.y) << 20;
  }
  uint64_t bits = 0;
  memcpy(&bits, &value, sizeof value);
  return bits;
}

template <typename Operation, typename T>
__host__ __device__ uint64_t result_of(const Operands& operands) {
  return bits_of(Operation::template apply<T>(seen_as<T>(operands.a), seen_as<T>(operands.b), seen_as<T>(operands.c)));
}

template <typename Operation, typename T>
__global__ void operation_kernel(const Operands* operands, uint64_t* results, int count) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) results[i] = result_of<Operation, T>(operands[i]);
}

template <typename Operation, typename T>
void expect_same() {
  constexpr int kCount = 10'001, kThreads = 96;
  const auto operands = random_operands(kCount, matinee::test::random_seed());
  const DeviceBuffer<Operands> in(operands);
  const DeviceBuffer<uint64_t> out(kCount);
  operation_kernel<Operation, T><<<(kCount + kThreads - 1) / kThreads, kThreads>>>(in.data(), out.data(), kCount);
  const std::vector<uint64_t> results = out.values();
  int different = 0;
  for (int i = 0; i < kCount; ++i) {
    const Operands& x = operands[i];
    const uint64_t expected = result_of<Operation, T>(x);
    if (results[i] == expected || ++different > 1) continue;
    ADD_FAILURE() << std::hex << typeid(Operation).name() << " of " << typeid(T).name() << ": (" << x.a << ", " << x.b
                  << ", " << x.c << ") gives " << results[i] << " on the device, " << expected << " on the host";
  }
  EXPECT_EQ(different, 0) << "of " << kCount;
}

template <typename... T>
struct Types {};
template <typename Operation, typename... T>
void expect_same_for(Types<T...>) {
  (expect_same<Operation, T>(), ...);
}

using Integers = Types<uint8_t, int8_t, uint16_t, int16_t, uint32_t, int32_t, uint64_t, int64_t>;
using Words = Types<uint32_t, uint64_t>;
using Floats = Types<float, double>;

}  // namespace simulated_gpu::test
