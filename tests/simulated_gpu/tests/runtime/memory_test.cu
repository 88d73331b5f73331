// Device and pinned memory: allocation, copies, sets, what the device refuses.
#include <cmath>
#include <cstring>
#include <vector>

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "testing/simulated_gpu.h"

namespace simulated_gpu::test {
namespace {

__global__ void scale_kernel(float* values, float factor, int n) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) values[i] *= factor;
}

TEST(Memory, HoldsWhatIsCopiedAndWhatKernelsWrite) {
  constexpr int kCount = 1000;
  const DeviceBuffer<float> device(std::vector<float>(kCount, 3.0f));
  scale_kernel<<<4, 256>>>(device.data(), 2.0f, kCount);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);
  EXPECT_EQ(device.values(), std::vector<float>(kCount, 6.0f));
}

TEST(Memory, StartsAsNaN) {
  const DeviceBuffer<float> device(64);
  for (const float value : device.values()) EXPECT_TRUE(std::isnan(value));
}

TEST(Memory, ComesAtMultiplesOf256Bytes) {
  const DeviceBuffer<char> first(1), second(1);
  EXPECT_EQ(reinterpret_cast<size_t>(first.data()) % 256, 0u);
  EXPECT_EQ(reinterpret_cast<size_t>(second.data()) % 256, 0u);
}

TEST(Memory, OfNoBytesIsNull) {
  void* address = &address;
  EXPECT_EQ(cudaMalloc(&address, 0), cudaSuccess);
  EXPECT_EQ(address, nullptr);
  EXPECT_EQ(cudaFree(nullptr), cudaSuccess);
}

TEST(Memory, RunsOutAndSaysHowMuchThereIs) {
  size_t free_before = 0, total = 0, free_after = 0;
  must(cudaMemGetInfo(&free_before, &total));
  EXPECT_LE(free_before, total);
  void* address = nullptr;
  EXPECT_EQ(cudaMalloc(&address, free_before + 1), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaGetLastError(), cudaErrorMemoryAllocation);
  EXPECT_EQ(cudaGetLastError(), cudaSuccess);  // not a sticky one
  {
    const DeviceBuffer<char> mebibyte(size_t{1} << 20);
    must(cudaMemGetInfo(&free_after, &total));
    EXPECT_EQ(free_before - free_after, size_t{1} << 20);
  }
  must(cudaMemGetInfo(&free_after, &total));
  EXPECT_EQ(free_after, free_before);
}

TEST(Memory, OfferedInStreamOrderIsTheStreams) {
  cudaStream_t stream = nullptr;
  must(cudaStreamCreate(&stream));
  float* device = nullptr;
  must(cudaMallocAsync(&device, 128, stream));
  must(cudaMemsetAsync(device, 0, 128, stream));
  std::vector<float> values(32, 1.0f);
  must(cudaMemcpyAsync(values.data(), device, 128, cudaMemcpyDeviceToHost, stream));
  must(cudaFreeAsync(device, stream));
  must(cudaStreamSynchronize(stream));
  EXPECT_EQ(values, std::vector<float>(32, 0.0f));
  EXPECT_EQ(cudaFreeAsync(device, stream), cudaErrorInvalidValue);
  must(cudaStreamDestroy(stream));
  cudaGetLastError();
}

TEST(Memory, IsFreedOnce) {
  void* address = nullptr;
  must(cudaMalloc(&address, 16));
  EXPECT_EQ(cudaFree(static_cast<char*>(address) + 1), cudaErrorInvalidValue);
  EXPECT_EQ(cudaFree(address), cudaSuccess);
  EXPECT_EQ(cudaFree(address), cudaErrorInvalidValue);
  cudaGetLastError();
}

// Also with the checks off: what a kernel wrote behind the end is found when the memory is freed.
TEST(Memory, HasAGuardBehindIt) {
  set_checks(false);
  float* device = nullptr;
  must(cudaMalloc(&device, 128));
  must(cudaMemset(device, 0, 128));
  scale_kernel<<<1, 64>>>(device, 2.0f, 33);
  must(cudaDeviceSynchronize());
  EXPECT_EQ(cudaFree(device), cudaErrorIllegalAddress);
  EXPECT_EQ(kind_of(take_finding()), "guard");
}

TEST(Copies, RefuseWhatDoesNotFit) {
  const DeviceBuffer<float> device(std::vector<float>(10, 1.0f));
  std::vector<float> host(11);
  EXPECT_EQ(cudaMemcpy(device.data(), host.data(), 44, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host.data(), device.data() + 1, 40, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(device.data(), nullptr, 4, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemset(device.data(), 0, 41), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemset(host.data(), 0, 4), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(device.data(), nullptr, 0, cudaMemcpyHostToDevice), cudaSuccess);
  cudaGetLastError();
}

TEST(Copies, RefuseAnotherDirection) {
  const DeviceBuffer<float> device(std::vector<float>(10, 1.0f));
  std::vector<float> host(10);
  EXPECT_EQ(cudaMemcpy(device.data(), host.data(), 40, cudaMemcpyDeviceToHost), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host.data(), device.data(), 40, cudaMemcpyHostToDevice), cudaErrorInvalidValue);
  EXPECT_EQ(cudaMemcpy(host.data(), device.data(), 40, cudaMemcpyDefault), cudaSuccess);
  EXPECT_EQ(host[9], 1.0f);
  cudaGetLastError();
}

TEST(Copies, TakeRows) {
  std::vector<float> host(6);
  for (size_t i = 0; i < host.size(); ++i) host[i] = float(i);
  float* device = nullptr;
  size_t pitch = 0;
  must(cudaMallocPitch(&device, &pitch, 12, 2));
  EXPECT_EQ(pitch % 512, 0u);
  must(cudaMemcpy2D(device, pitch, host.data(), 12, 12, 2, cudaMemcpyHostToDevice));
  std::vector<float> back(4, -1.0f);
  must(cudaMemcpy2D(back.data(), 8, device, pitch, 8, 2, cudaMemcpyDeviceToHost));
  EXPECT_EQ(back, (std::vector<float>{0, 1, 3, 4}));
  EXPECT_EQ(cudaMemcpy2D(back.data(), 8, device, pitch, 12, 1, cudaMemcpyDeviceToHost), cudaErrorInvalidPitchValue);
  must(cudaMemset2D(device, pitch, 0, 8, 2));
  must(cudaMemcpy2D(host.data(), 12, device, pitch, 12, 2, cudaMemcpyDeviceToHost));
  EXPECT_EQ(host, (std::vector<float>{0, 0, 2, 0, 0, 5}));
  must(cudaFree(device));
  cudaGetLastError();
}

TEST(PinnedMemory, IsKnownAndReachedByKernels) {
  float* pinned = nullptr;
  must(cudaMallocHost(&pinned, 128));
  for (int i = 0; i < 32; ++i) pinned[i] = 1.0f;
  float* mapped = nullptr;
  must(cudaHostGetDevicePointer(&mapped, pinned, 0));
  set_checks(true);
  scale_kernel<<<1, 32>>>(mapped, 2.0f, 32);
  must(cudaDeviceSynchronize());
  set_checks(false);
  EXPECT_EQ(pinned[31], 2.0f);
  cudaPointerAttributes attributes{};
  must(cudaPointerGetAttributes(&attributes, pinned));
  EXPECT_EQ(attributes.type, cudaMemoryTypeHost);
  const float pageable = 0;
  must(cudaPointerGetAttributes(&attributes, &pageable));
  EXPECT_EQ(attributes.type, cudaMemoryTypeUnregistered);
  must(cudaFreeHost(pinned));
}

TEST(PinnedMemory, IsRegisteredOnce) {
  std::vector<float> host(1024);
  must(cudaHostRegister(host.data(), 4096, cudaHostRegisterDefault));
  EXPECT_EQ(cudaHostRegister(host.data(), 4096, cudaHostRegisterDefault), cudaErrorHostMemoryAlreadyRegistered);
  must(cudaHostUnregister(host.data()));
  EXPECT_EQ(cudaHostUnregister(host.data()), cudaErrorHostMemoryNotRegistered);
  cudaGetLastError();
}

}  // namespace
}  // namespace simulated_gpu::test
