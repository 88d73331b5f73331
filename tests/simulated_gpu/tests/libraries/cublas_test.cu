// The cuBLAS stand-in against references that are written out, in exact integers and in double.
#include <cmath>
#include <cstdint>
#include <random>

#include <cublas_v2.h>
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "testing/simulated_gpu.h"
#include "tests/support/random_seed.h"

namespace simulated_gpu::test {
namespace {

class Cublas : public testing::Test {
 protected:
  void SetUp() override {
    set_checks(true);
    ASSERT_EQ(cublasCreate(&handle_), CUBLAS_STATUS_SUCCESS);
  }
  void TearDown() override {
    EXPECT_EQ(take_finding(), "");
    EXPECT_EQ(cublasDestroy(handle_), CUBLAS_STATUS_SUCCESS);
    set_checks(false);
  }

  int draw(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  cublasHandle_t handle_ = nullptr;
  std::mt19937_64 random_{matinee::test::random_seed()};
};

struct Shape {
  bool ta, tb;
  int m, n, k, lda, ldb, ldc;
};

// Element (row, column) of op(X).
template <typename T>
T element(const std::vector<T>& x, bool transposed, int ld, int row, int column, size_t start = 0) {
  return x[start +
           (transposed ? size_t(row) * size_t(ld) + size_t(column) : size_t(column) * size_t(ld) + size_t(row))];
}

template <typename T>
double dot(const Shape& s, const std::vector<T>& a, const std::vector<T>& b, int i, int j) {
  double sum = 0;
  for (int l = 0; l < s.k; ++l) sum += double(element(a, s.ta, s.lda, i, l)) * double(element(b, s.tb, s.ldb, l, j));
  return sum;
}

cublasOperation_t operation(bool transposed) {
  return transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
}

TEST_F(Cublas, MultipliesBytesExactly) {
  for (int round = 0; round < 20; ++round) {
    Shape s{draw(0, 1) == 1, draw(0, 1) == 1, 4 * draw(1, 20), draw(1, 70), 4 * draw(1, 40), 0, 0, 0};
    s.lda = (s.ta ? s.k : s.m) + 4 * draw(0, 3);
    s.ldb = ((s.tb ? s.n : s.k) + 3) / 4 * 4 + 4 * draw(0, 3);
    s.ldc = s.m + 4 * draw(0, 3);
    std::vector<int8_t> a(size_t(s.lda) * size_t(s.ta ? s.m : s.k)), b(size_t(s.ldb) * size_t(s.tb ? s.k : s.n));
    for (int8_t& value : a) value = int8_t(draw(-128, 127));
    for (int8_t& value : b) value = int8_t(draw(-128, 127));
    std::vector<int32_t> c(size_t(s.ldc) * size_t(s.n));
    for (int32_t& value : c) value = draw(-1000, 1000);
    const int32_t alpha = draw(-3, 3), beta = draw(-1, 1);
    const DeviceBuffer<int8_t> device_a(a), device_b(b);
    const DeviceBuffer<int32_t> device_c(c);
    ASSERT_EQ(cublasGemmEx(handle_, operation(s.ta), operation(s.tb), s.m, s.n, s.k, &alpha, device_a.data(), CUDA_R_8I,
                           s.lda, device_b.data(), CUDA_R_8I, s.ldb, &beta, device_c.data(), CUDA_R_32I, s.ldc,
                           CUBLAS_COMPUTE_32I, CUBLAS_GEMM_DEFAULT),
              CUBLAS_STATUS_SUCCESS);
    std::vector<int32_t> expected = c;
    for (int j = 0; j < s.n; ++j) {
      for (int i = 0; i < s.m; ++i) {
        int32_t& out = expected[size_t(j) * size_t(s.ldc) + size_t(i)];
        out = alpha * int32_t(dot(s, a, b, i, j)) + beta * out;
      }
    }
    ASSERT_EQ(device_c.values(), expected) << s.m << "x" << s.n << "x" << s.k;
  }
}

TEST_F(Cublas, RefusesBytesThatNoKernelTakes) {
  const DeviceBuffer<int8_t> a(std::vector<int8_t>(400, 1));
  const DeviceBuffer<int32_t> c(400);
  const int32_t one = 1, zero = 0;
  const auto status = [&](int m, int k, int lda, int offset) {
    return cublasGemmEx(handle_, CUBLAS_OP_T, CUBLAS_OP_N, m, 4, k, &one, a.data() + offset, CUDA_R_8I, lda, a.data(),
                        CUDA_R_8I, 12, &zero, c.data(), CUDA_R_32I, 8, CUBLAS_COMPUTE_32I, CUBLAS_GEMM_DEFAULT);
  };
  EXPECT_EQ(status(8, 12, 12, 0), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(status(8, 12, 13, 0), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(8, 12, 12, 1), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(8, 10, 12, 0), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(7, 12, 12, 0), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(8, 12, 8, 0), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(status(-4, 12, 12, 0), CUBLAS_STATUS_INVALID_VALUE);
}

TEST_F(Cublas, RefusesTypesThatDoNotGoTogether) {
  const DeviceBuffer<float> a(std::vector<float>(64, 1.0f));
  const float one = 1, zero = 0;
  const auto status = [&](cudaDataType a_type, cudaDataType c_type, cublasComputeType_t compute) {
    return cublasGemmEx(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 4, 4, 4, &one, a.data(), a_type, 4, a.data(), a_type, 4,
                        &zero, a.data() + 32, c_type, 4, compute, CUBLAS_GEMM_DEFAULT);
  };
  EXPECT_EQ(status(CUDA_R_32F, CUDA_R_32I, CUBLAS_COMPUTE_32I), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(CUDA_R_32F, CUDA_R_16F, CUBLAS_COMPUTE_32F), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(CUDA_R_16F, CUDA_R_16BF, CUBLAS_COMPUTE_32F), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(CUDA_R_16F, CUDA_R_32F, CUBLAS_COMPUTE_32F_FAST_TF32), CUBLAS_STATUS_NOT_SUPPORTED);
  EXPECT_EQ(status(CUDA_R_32F, CUDA_R_32F, CUBLAS_COMPUTE_32F), CUBLAS_STATUS_SUCCESS);
}

TEST_F(Cublas, MultipliesFloats) {
  for (int round = 0; round < 10; ++round) {
    Shape s{draw(0, 1) == 1, draw(0, 1) == 1, draw(1, 40), draw(1, 40), draw(1, 60), 0, 0, 0};
    s.lda = (s.ta ? s.k : s.m) + draw(0, 3);
    s.ldb = (s.tb ? s.n : s.k) + draw(0, 3);
    s.ldc = s.m + draw(0, 3);
    std::vector<float> a(size_t(s.lda) * size_t(s.ta ? s.m : s.k)), b(size_t(s.ldb) * size_t(s.tb ? s.k : s.n));
    std::normal_distribution<float> normal;
    for (float& value : a) value = normal(random_);
    for (float& value : b) value = normal(random_);
    const std::vector<float> c(size_t(s.ldc) * size_t(s.n), 2.0f);
    const DeviceBuffer<float> device_a(a), device_b(b), device_c(c);
    const float alpha = 1.5f, beta = 0.25f;
    ASSERT_EQ(cublasSgemm(handle_, operation(s.ta), operation(s.tb), s.m, s.n, s.k, &alpha, device_a.data(), s.lda,
                          device_b.data(), s.ldb, &beta, device_c.data(), s.ldc),
              CUBLAS_STATUS_SUCCESS);
    const std::vector<float> found = device_c.values();
    for (int j = 0; j < s.n; ++j) {
      for (int i = 0; i < s.m; ++i) {
        const double expected = 1.5 * dot(s, a, b, i, j) + 0.5;
        ASSERT_NEAR(found[size_t(j) * size_t(s.ldc) + size_t(i)], expected, 1e-5 * (1 + std::fabs(expected)));
      }
      for (int i = s.m; i < s.ldc; ++i) ASSERT_EQ(found[size_t(j) * size_t(s.ldc) + size_t(i)], 2.0f);  // untouched
    }
  }
}

// A 1x1x1 product shows how its input is rounded: 1 + 2^-12 is a float, and neither TF32, half nor bfloat16.
TEST_F(Cublas, RoundsInputsAsTheComputeTypeSays) {
  const float one = 1, zero = 0, fine = 1.0f + std::ldexp(1.0f, -12), coarse = 1.0f + std::ldexp(3.0f, -9);
  const auto product = [&](float value, cublasComputeType_t compute) {
    const DeviceBuffer<float> a(std::vector<float>{value}), b(std::vector<float>{1.0f}), c(1);
    EXPECT_EQ(cublasGemmEx(handle_, CUBLAS_OP_N, CUBLAS_OP_N, 1, 1, 1, &one, a.data(), CUDA_R_32F, 1, b.data(),
                           CUDA_R_32F, 1, &zero, c.data(), CUDA_R_32F, 1, compute, CUBLAS_GEMM_DEFAULT),
              CUBLAS_STATUS_SUCCESS);
    return c.values()[0];
  };
  EXPECT_EQ(product(fine, CUBLAS_COMPUTE_32F), fine);
  EXPECT_EQ(product(fine, CUBLAS_COMPUTE_32F_FAST_TF32), 1.0f);
  EXPECT_EQ(product(fine, CUBLAS_COMPUTE_32F_FAST_16F), 1.0f);
  EXPECT_EQ(product(coarse, CUBLAS_COMPUTE_32F_FAST_TF32), coarse);
  EXPECT_EQ(product(coarse, CUBLAS_COMPUTE_32F_FAST_16BF), 1.0f + std::ldexp(1.0f, -7));
  ASSERT_EQ(cublasSetMathMode(handle_, CUBLAS_TF32_TENSOR_OP_MATH), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(product(fine, CUBLAS_COMPUTE_32F), 1.0f);
}

TEST_F(Cublas, TakesHalfTypesInBatches) {
  constexpr int kBatch = 3, kSize = 4;
  std::vector<__half> a(kBatch * 20), b(kBatch * 16);  // A's matrices 20 apart
  for (__half& value : a) value = __float2half(float(draw(-8, 8)));
  for (__half& value : b) value = __float2half(float(draw(-8, 8)));
  const DeviceBuffer<__half> device_a(a), device_b(b);
  const DeviceBuffer<float> device_c(kBatch * 16);
  const float one = 1, zero = 0;
  ASSERT_EQ(
      cublasGemmStridedBatchedEx(handle_, CUBLAS_OP_N, CUBLAS_OP_T, kSize, kSize, kSize, &one, device_a.data(),
                                 CUDA_R_16F, kSize, 20, device_b.data(), CUDA_R_16F, kSize, 16, &zero, device_c.data(),
                                 CUDA_R_32F, kSize, 16, kBatch, CUBLAS_COMPUTE_32F, CUBLAS_GEMM_DEFAULT),
      CUBLAS_STATUS_SUCCESS);
  const std::vector<float> found = device_c.values();
  for (int index = 0; index < kBatch; ++index) {
    for (int j = 0; j < kSize; ++j) {
      for (int i = 0; i < kSize; ++i) {
        float expected = 0;
        for (int l = 0; l < kSize; ++l) {
          expected += __half2float(element(a, false, kSize, i, l, size_t(index) * 20)) *
                      __half2float(element(b, true, kSize, l, j, size_t(index) * 16));
        }
        EXPECT_EQ(found[size_t(index * 16 + j * kSize + i)], expected);
      }
    }
  }
}

cublasStatus_t square(cublasHandle_t handle, const float* a, const float* b, float* c, int size = 8) {
  const float one = 1, zero = 0;
  return cublasSgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, size, size, size, &one, a, size, b, size, &zero, c, size);
}

TEST_F(Cublas, FindsOperandsThatAreTooSmall) {
  const DeviceBuffer<float> full(std::vector<float>(64, 1.0f)), small(std::vector<float>(63, 1.0f));
  EXPECT_EQ(square(handle_, full.data(), small.data(), full.data()), CUBLAS_STATUS_EXECUTION_FAILED);
  EXPECT_THAT(take_finding(), testing::HasSubstr("operand B"));
  const std::vector<float> host(64, 1.0f);
  EXPECT_EQ(square(handle_, host.data(), full.data(), full.data()), CUBLAS_STATUS_EXECUTION_FAILED);
  EXPECT_THAT(take_finding(), testing::HasSubstr("operand A"));
}

TEST_F(Cublas, FindsInputsNeverWritten) {
  const DeviceBuffer<float> full(std::vector<float>(64, 1.0f)), raw(64);
  EXPECT_EQ(square(handle_, raw.data(), full.data(), full.data()), CUBLAS_STATUS_SUCCESS);
  EXPECT_NE(cudaDeviceSynchronize(), cudaSuccess);
  EXPECT_EQ(kind_of(take_finding()), "uninitialised");
}

// The product is work in the handle's stream: without the wait, the other stream's copy comes too early.
TEST_F(Cublas, RunsInItsStream) {
  cudaStream_t stream = nullptr, other = nullptr;
  must(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  must(cudaStreamCreateWithFlags(&other, cudaStreamNonBlocking));
  ASSERT_EQ(cublasSetStream(handle_, stream), CUBLAS_STATUS_SUCCESS);
  const DeviceBuffer<float> a(std::vector<float>(64, 1.0f)), c(std::vector<float>(64, -1.0f));
  std::vector<float> out(64);
  ASSERT_EQ(square(handle_, a.data(), a.data(), c.data()), CUBLAS_STATUS_SUCCESS);
  must(cudaMemcpyAsync(out.data(), c.data(), 256, cudaMemcpyDeviceToHost, stream));
  must(cudaStreamSynchronize(other));
  EXPECT_EQ(out[0], 0.0f);
  must(cudaStreamSynchronize(stream));
  EXPECT_EQ(out[0], 8.0f);
  must(cudaStreamDestroy(stream));
  must(cudaStreamDestroy(other));
}

TEST_F(Cublas, SpoilsItsWorkspace) {
  const DeviceBuffer<float> workspace(std::vector<float>(64, 1.0f)), a(std::vector<float>(64, 1.0f)), c(64);
  ASSERT_EQ(cublasSetWorkspace(handle_, workspace.data(), 256), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasSetWorkspace(handle_, workspace.data() + 1, 4), CUBLAS_STATUS_INVALID_VALUE);
  EXPECT_EQ(cublasSetWorkspace(handle_, workspace.data(), 260), CUBLAS_STATUS_INVALID_VALUE);
  ASSERT_EQ(square(handle_, a.data(), a.data(), c.data()), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(c.values()[63], 8.0f);
  EXPECT_TRUE(std::isnan(workspace.values()[0]));
}

TEST_F(Cublas, RefusesDeadHandles) {
  cublasHandle_t dead = nullptr;
  ASSERT_EQ(cublasCreate(&dead), CUBLAS_STATUS_SUCCESS);
  ASSERT_EQ(cublasDestroy(dead), CUBLAS_STATUS_SUCCESS);
  EXPECT_EQ(cublasDestroy(dead), CUBLAS_STATUS_NOT_INITIALIZED);
  EXPECT_EQ(square(dead, nullptr, nullptr, nullptr), CUBLAS_STATUS_NOT_INITIALIZED);
}

}  // namespace
}  // namespace simulated_gpu::test
