// Launches: their limits, attributes of kernels and of the device, variables by their symbol, errors.
#include <cstring>

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "testing/simulated_gpu.h"

namespace simulated_gpu::test {
namespace {

__constant__ float table[4];
__device__ int total;

__global__ void table_kernel(float* out) {
  out[threadIdx.x] = table[threadIdx.x];
  atomicAdd(&total, 1);
}
__global__ void __launch_bounds__(128) bounded_kernel(int* out) {
  out[threadIdx.x] = 1;
}
__global__ void dynamic_kernel(int* out) {
  extern __shared__ int dynamic_space[];
  dynamic_space[blockDim.x - 1 - threadIdx.x] = int(threadIdx.x);
  __syncthreads();
  out[threadIdx.x] = dynamic_space[threadIdx.x];
}
__global__ void far_kernel(int* out) {
  out[int64_t{1} << 33] = 1;
}

TEST(Launch, RefusesShapesBeyondTheLimits) {
  const DeviceBuffer<int> out(1024);
  const auto launched = [&](dim3 grid, dim3 block, size_t shared) {
    dynamic_kernel<<<grid, block, shared>>>(out.data());
    return cudaGetLastError();
  };
  EXPECT_EQ(launched(1, 64, 256), cudaSuccess);
  EXPECT_EQ(launched(1, 1025, 256), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launched(1, dim3(1, 1, 65), 256), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launched(0, 64, 256), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launched(dim3(1, 65536), 64, 256), cudaErrorInvalidConfiguration);
  EXPECT_EQ(launched(1, 64, 48 * 1024 + 1), cudaErrorInvalidValue);
  bounded_kernel<<<1, 129>>>(out.data());
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
}

TEST(Launch, TakesMoreSharedMemoryAfterAskingForIt) {
  constexpr size_t kBytes = 100 * 1024;
  const DeviceBuffer<int> out(64);
  dynamic_kernel<<<1, 64, kBytes>>>(out.data());
  EXPECT_EQ(cudaGetLastError(), cudaErrorInvalidValue);
  must(cudaFuncSetAttribute(dynamic_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, kBytes));
  dynamic_kernel<<<1, 64, kBytes>>>(out.data());
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_EQ(out.values()[0], 63);
  int most = 0;
  must(cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0));
  EXPECT_EQ(cudaFuncSetAttribute(dynamic_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, most + 1),
            cudaErrorInvalidValue);
  must(cudaFuncSetAttribute(dynamic_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, 48 * 1024));
  cudaGetLastError();
}

TEST(Launch, TakesAttributes) {
  const DeviceBuffer<int> out(128);
  cudaLaunchConfig_t config{};
  config.gridDim = dim3(1);
  config.blockDim = dim3(128);
  cudaLaunchAttribute attribute{};
  attribute.id = cudaLaunchAttributePriority;
  config.attrs = &attribute;
  config.numAttrs = 1;
  EXPECT_EQ(cudaLaunchKernelEx(&config, bounded_kernel, out.data()), cudaSuccess);
  EXPECT_EQ(out.values(), std::vector<int>(128, 1));
}

TEST(Launch, RefusesCooperativeGridsThatAreNotResident) {
  int processors = 0, blocks = 0;
  must(cudaDeviceGetAttribute(&processors, cudaDevAttrMultiProcessorCount, 0));
  must(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&blocks, bounded_kernel, 128, 0));
  EXPECT_EQ(blocks, 16);
  const DeviceBuffer<int> out(128);
  int* data = out.data();
  void* arguments[] = {&data};
  const auto launched = [&](unsigned grid) {
    return cudaLaunchCooperativeKernel(bounded_kernel, dim3(grid), dim3(128), arguments, size_t{0}, nullptr);
  };
  EXPECT_EQ(launched(unsigned(processors * blocks + 1)), cudaErrorCooperativeLaunchTooLarge);
  EXPECT_EQ(launched(4), cudaSuccess);
  must(cudaDeviceSynchronize());
  cudaGetLastError();
}

TEST(Launch, KnowsItsKernels) {
  cudaFuncAttributes attributes{};
  must(cudaFuncGetAttributes(&attributes, bounded_kernel));
  EXPECT_EQ(attributes.maxThreadsPerBlock, 128);
  EXPECT_EQ(attributes.ptxVersion, 80);
  EXPECT_EQ(attributes.sharedSizeBytes, 0u);
  int not_a_kernel = 0;
  EXPECT_EQ(cudaFuncGetAttributes(&attributes, &not_a_kernel), cudaErrorInvalidDeviceFunction);
  cudaGetLastError();
}

TEST(Symbols, AreCopiedToAndFrom) {
  const float values[4] = {1, 2, 3, 4};
  const int zero = 0;
  must(cudaMemcpyToSymbol(table, values, sizeof values));
  must(cudaMemcpyToSymbol(total, &zero, sizeof zero));
  const DeviceBuffer<float> out(4);
  table_kernel<<<1, 4>>>(out.data());
  EXPECT_EQ(out.values(), (std::vector<float>{1, 2, 3, 4}));
  int counted = 0;
  must(cudaMemcpyFromSymbol(&counted, total, sizeof counted));
  EXPECT_EQ(counted, 4);
  size_t bytes = 0;
  must(cudaGetSymbolSize(&bytes, table));
  EXPECT_EQ(bytes, 16u);
  EXPECT_EQ(cudaMemcpyToSymbol(table, values, 16, 4), cudaErrorInvalidValue);
  cudaGetLastError();
}

TEST(Device, IsOneWithTheSameAnswersEverywhere) {
  int count = 0;
  must(cudaGetDeviceCount(&count));
  EXPECT_EQ(count, 1);
  EXPECT_EQ(cudaSetDevice(1), cudaErrorInvalidDevice);
  cudaDeviceProp properties{};
  must(cudaGetDeviceProperties(&properties, 0));
  int value = 0;
  must(cudaDeviceGetAttribute(&value, cudaDevAttrMultiProcessorCount, 0));
  EXPECT_EQ(value, properties.multiProcessorCount);
  must(cudaDeviceGetAttribute(&value, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0));
  EXPECT_EQ(size_t(value), properties.sharedMemPerBlockOptin);
  size_t free_bytes = 0, total_bytes = 0;
  must(cudaMemGetInfo(&free_bytes, &total_bytes));
  EXPECT_EQ(total_bytes, properties.totalGlobalMem);
  cudaGetLastError();
}

// Every later call returns the error of a kernel; here a test may take it and go on.
TEST(Errors, OfKernelsStay) {
  set_checks(true);
  const DeviceBuffer<int> out(1);
  far_kernel<<<1, 1>>>(out.data());
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);  // it has not run yet
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
  EXPECT_EQ(cudaGetLastError(), cudaErrorIllegalAddress);
  void* address = nullptr;
  EXPECT_EQ(cudaMalloc(&address, 16), cudaErrorIllegalAddress);
  EXPECT_EQ(kind_of(take_finding()), "out-of-bounds");
  EXPECT_EQ(cudaDeviceSynchronize(), cudaSuccess);
  set_checks(false);
}

TEST(Errors, HaveNames) {
  EXPECT_STREQ(cudaGetErrorName(cudaErrorMemoryAllocation), "cudaErrorMemoryAllocation");
  EXPECT_STREQ(cudaGetErrorName(cudaErrorNoDevice), "cudaErrorNoDevice");
  EXPECT_STREQ(cudaGetErrorString(cudaSuccess), "no error");
  EXPECT_STREQ(cudaGetErrorName(cudaError_t(123456)), "unrecognized error code");
}

}  // namespace
}  // namespace simulated_gpu::test
