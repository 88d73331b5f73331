// The cuBLAS stand-in against products that PyTorch computed: golden/gemm.txt, written by golden/gemm.py.
#include <cmath>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <cublas_v2.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "testing/simulated_gpu.h"

namespace simulated_gpu::test {
namespace {

struct Product {
  std::string kind;
  int ta = 0, tb = 0, m = 0, n = 0, k = 0;
  double alpha = 0, beta = 0;
  std::vector<double> a, b, start, result;  // column by column, without gaps
};

std::vector<double> numbers(std::istream& file) {
  std::string line, word;
  std::getline(file, line);
  std::istringstream words(line);
  std::vector<double> values;
  while (words >> word) values.push_back(std::stod(word));  // hexadecimal too
  return values;
}

std::vector<Product> golden_products() {
  std::ifstream file(SIMULATED_GPU_GOLDEN "/gemm.txt");
  std::vector<Product> products;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    std::istringstream head(line);
    Product product;
    head >> product.kind >> product.ta >> product.tb >> product.m >> product.n >> product.k >> product.alpha >>
        product.beta;
    for (auto* values : {&product.a, &product.b, &product.start, &product.result}) *values = numbers(file);
    products.push_back(std::move(product));
  }
  return products;
}

// C as the stand-in computes it.
template <typename In, typename Out>
std::vector<Out> computed(cublasHandle_t handle, const Product& p, cudaDataType in, cudaDataType out,
                          cublasComputeType_t compute) {
  const DeviceBuffer<In> a(std::vector<In>(p.a.begin(), p.a.end())), b(std::vector<In>(p.b.begin(), p.b.end()));
  const DeviceBuffer<Out> c(std::vector<Out>(p.start.begin(), p.start.end()));
  const auto alpha = Out(p.alpha), beta = Out(p.beta);
  EXPECT_EQ(cublasGemmEx(handle, p.ta ? CUBLAS_OP_T : CUBLAS_OP_N, p.tb ? CUBLAS_OP_T : CUBLAS_OP_N, p.m, p.n, p.k,
                         &alpha, a.data(), in, p.ta ? p.k : p.m, b.data(), in, p.tb ? p.n : p.k, &beta, c.data(), out,
                         p.m, compute, CUBLAS_GEMM_DEFAULT),
            CUBLAS_STATUS_SUCCESS);
  return c.values();
}

TEST(CublasGolden, IsWhatPyTorchComputed) {
  cublasHandle_t handle = nullptr;
  ASSERT_EQ(cublasCreate(&handle), CUBLAS_STATUS_SUCCESS);
  const std::vector<Product> products = golden_products();
  ASSERT_EQ(products.size(), 20U);
  for (const Product& p : products) {
    SCOPED_TRACE(p.kind + " " + std::to_string(p.m) + "x" + std::to_string(p.n) + "x" + std::to_string(p.k));
    ASSERT_EQ(p.result.size(), size_t(p.m) * size_t(p.n));
    if (p.kind == "int8") {
      const std::vector<int32_t> expected(p.result.begin(), p.result.end());
      EXPECT_EQ((computed<int8_t, int32_t>(handle, p, CUDA_R_8I, CUDA_R_32I, CUBLAS_COMPUTE_32I)), expected);
      continue;
    }
    const auto found = computed<float, float>(handle, p, CUDA_R_32F, CUDA_R_32F, CUBLAS_COMPUTE_32F);
    for (size_t n = 0; n < found.size(); ++n) {
      EXPECT_NEAR(found[n], p.result[n], 1e-5 * (1 + std::fabs(p.result[n]))) << n;
    }
  }
  EXPECT_EQ(take_finding(), "");
  EXPECT_EQ(cublasDestroy(handle), CUBLAS_STATUS_SUCCESS);
}

}  // namespace
}  // namespace simulated_gpu::test
