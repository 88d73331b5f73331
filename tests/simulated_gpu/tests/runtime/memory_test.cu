#include <vector>

#include <cuda_runtime.h>
#include <gtest/gtest.h>

namespace simulated_gpu::test {
namespace {

__global__ void scale_kernel(float* values, float factor, int n) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) values[i] *= factor;
}

TEST(SimulatedMemory, HoldsWhatIsCopiedAndWhatKernelsWrite) {
  constexpr int kCount = 1000;
  std::vector<float> values(kCount, 3.0f);
  float* device = nullptr;
  ASSERT_EQ(cudaMalloc(&device, kCount * sizeof(float)), cudaSuccess);
  ASSERT_EQ(cudaMemcpy(device, values.data(), kCount * sizeof(float), cudaMemcpyHostToDevice), cudaSuccess);
  scale_kernel<<<4, 256>>>(device, 2.0f, kCount);
  ASSERT_EQ(cudaGetLastError(), cudaSuccess);
  ASSERT_EQ(cudaMemcpy(values.data(), device, kCount * sizeof(float), cudaMemcpyDeviceToHost), cudaSuccess);
  EXPECT_EQ(values, std::vector<float>(kCount, 6.0f));
  ASSERT_EQ(cudaFree(device), cudaSuccess);
}

}  // namespace
}  // namespace simulated_gpu::test
