// mma.sync, ldmatrix and wmma against plain products. Elements are small integers, so that every sum is exact.
#include <cstdint>
#include <random>
#include <vector>

#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>
#include <mma.h>

#include "testing/device_buffer.h"
#include "tests/ptx/any_schedule.h"

namespace simulated_gpu::test {
namespace ptx_matrix {

class PtxMatrix : public AnySchedule {
 protected:
  void SetUp() override {
    AnySchedule::SetUp();
    random_.seed(unsigned(matinee::test::random_seed()));
  }
  std::vector<int> random_matrix(int elements, int least, int most) {
    std::vector<int> matrix(elements);
    for (int& x : matrix) x = least + int(random_() % unsigned(most - least + 1));
    return matrix;
  }
  std::mt19937 random_;
};

// d (m x n) = a (m x k) * b (k x n) + c, row by row.
std::vector<int> product(const std::vector<int>& a, const std::vector<int>& b, const std::vector<int>& c, int m, int n,
                         int k) {
  std::vector<int> d = c;
  for (int y = 0; y < m; ++y)
    for (int x = 0; x < n; ++x)
      for (int i = 0; i < k; ++i) d[y * n + x] += a[y * k + i] * b[i * n + x];
  return d;
}
template <typename T>
std::vector<T> converted(const std::vector<int>& values) {
  std::vector<T> out;
  for (const int x : values) out.push_back(T(float(x)));
  return out;
}
template <typename T>
std::vector<int> to_int(const std::vector<T>& values) {
  std::vector<int> out;
  for (const T& x : values) out.push_back(int(float(x)));
  return out;
}
std::vector<int> transposed(const std::vector<int>& matrix, int rows, int columns) {
  std::vector<int> out(matrix.size());
  for (int y = 0; y < rows; ++y)
    for (int x = 0; x < columns; ++x) out[x * rows + y] = matrix[y * columns + x];
  return out;
}

// ---- mma: the fragments are filled as the figures of the PTX manual show them ----

// A register with the elements of one row (of a) or column (of b), from there on.
template <typename T>
__device__ unsigned packed(const T* matrix, int stride, int first) {
  unsigned bits = 0;
  for (unsigned i = 0; i < 4 / sizeof(T); ++i) {
    T element = matrix[(first + int(i)) * stride];
    unsigned one = 0;
    memcpy(&one, &element, sizeof element);
    bits |= one << (8 * sizeof(T) * i);
  }
  return bits;
}
// Registers of a: rows g and g + 8 in turn, then the same one step of columns further.
template <typename T>
__device__ unsigned register_of_a(const T* a, int k, int r) {
  constexpr int kWidth = 4 / int(sizeof(T));
  const int g = int(threadIdx.x) / 4, q = int(threadIdx.x) % 4;
  return packed(a + (g + r % 2 * 8) * k, 1, q * kWidth + r / 2 * 4 * kWidth);
}
template <typename T>
__device__ unsigned register_of_b(const T* b, int r) {  // k x 8
  constexpr int kWidth = 4 / int(sizeof(T));
  const int g = int(threadIdx.x) / 4, q = int(threadIdx.x) % 4;
  return packed(b + g, 8, q * kWidth + r * 4 * kWidth);
}
template <typename T>
__device__ T& element_of_c(T* c, int i) {
  const int g = int(threadIdx.x) / 4, q = int(threadIdx.x) % 4;
  return c[(g + i / 2 * 8) * 8 + q * 2 + i % 2];
}

enum Instruction { kHalf16, kHalf8, kBfloat16, kBfloat8, kTf32x8, kTf32x4, kByte32, kByte16, kUnsignedBySigned };

#define MMA_4_2(name, c_constraint)                                                                             \
  asm volatile("mma.sync.aligned." name " {%0,%1,%2,%3}, {%4,%5,%6,%7}, {%8,%9}, {%0,%1,%2,%3};"                \
               : "+" c_constraint(d[0]), "+" c_constraint(d[1]), "+" c_constraint(d[2]), "+" c_constraint(d[3]) \
               : "r"(register_of_a(a, k, 0)), "r"(register_of_a(a, k, 1)), "r"(register_of_a(a, k, 2)),         \
                 "r"(register_of_a(a, k, 3)), "r"(register_of_b(b, 0)), "r"(register_of_b(b, 1)))
#define MMA_2_1(name, c_constraint)                                                                             \
  asm volatile("mma.sync.aligned." name " {%0,%1,%2,%3}, {%4,%5}, {%6}, {%0,%1,%2,%3};"                         \
               : "+" c_constraint(d[0]), "+" c_constraint(d[1]), "+" c_constraint(d[2]), "+" c_constraint(d[3]) \
               : "r"(register_of_a(a, k, 0)), "r"(register_of_a(a, k, 1)), "r"(register_of_b(b, 0)))

template <Instruction kInstruction, typename A, typename B, typename C>
__global__ void mma_kernel(const A* a, const B* b, C* c, int k) {
  C d[4];
  for (int i = 0; i < 4; ++i) d[i] = element_of_c(c, i);
  if constexpr (kInstruction == kHalf16) MMA_4_2("m16n8k16.row.col.f32.f16.f16.f32", "f");
  if constexpr (kInstruction == kHalf8) MMA_2_1("m16n8k8.row.col.f32.f16.f16.f32", "f");
  if constexpr (kInstruction == kBfloat16) MMA_4_2("m16n8k16.row.col.f32.bf16.bf16.f32", "f");
  if constexpr (kInstruction == kBfloat8) MMA_2_1("m16n8k8.row.col.f32.bf16.bf16.f32", "f");
  if constexpr (kInstruction == kTf32x8) MMA_4_2("m16n8k8.row.col.f32.tf32.tf32.f32", "f");
  if constexpr (kInstruction == kTf32x4) MMA_2_1("m16n8k4.row.col.f32.tf32.tf32.f32", "f");
  if constexpr (kInstruction == kByte32) MMA_4_2("m16n8k32.row.col.s32.s8.s8.s32", "r");
  if constexpr (kInstruction == kByte16) MMA_2_1("m16n8k16.row.col.satfinite.s32.s8.s8.s32", "r");
  if constexpr (kInstruction == kUnsignedBySigned) MMA_4_2("m16n8k32.row.col.s32.u8.s8.s32", "r");
  for (int i = 0; i < 4; ++i) element_of_c(c, i) = d[i];
}

template <Instruction kInstruction, typename A, typename B, typename C>
void expect_product(const std::vector<int>& a, const std::vector<int>& b, const std::vector<int>& c, int k) {
  const DeviceBuffer<A> device_a(converted<A>(a));
  const DeviceBuffer<B> device_b(converted<B>(b));
  const DeviceBuffer<C> device_c(converted<C>(c));
  mma_kernel<kInstruction><<<1, 32>>>(device_a.data(), device_b.data(), device_c.data(), k);
  EXPECT_EQ(to_int(device_c.values()), product(a, b, c, 16, 8, k));
}
TEST_P(PtxMatrix, MmaFloats) {
  const auto a = random_matrix(256, -9, 9), b = random_matrix(128, -9, 9), c = random_matrix(128, -99, 99);
  const auto a8 = random_matrix(128, -9, 9), b8 = random_matrix(64, -9, 9);
  expect_product<kHalf16, __half, __half, float>(a, b, c, 16);
  expect_product<kHalf8, __half, __half, float>(a8, b8, c, 8);
  expect_product<kBfloat16, __nv_bfloat16, __nv_bfloat16, float>(a, b, c, 16);
  expect_product<kBfloat8, __nv_bfloat16, __nv_bfloat16, float>(a8, b8, c, 8);
  expect_product<kTf32x8, float, float, float>(a8, b8, c, 8);
  expect_product<kTf32x4, float, float, float>(random_matrix(64, -99, 99), random_matrix(32, -99, 99), c, 4);
}
TEST_P(PtxMatrix, MmaBytes) {
  const auto c = random_matrix(128, -99'999, 99'999);
  expect_product<kByte32, int8_t, int8_t, int>(random_matrix(512, -128, 127), random_matrix(256, -128, 127), c, 32);
  expect_product<kByte16, int8_t, int8_t, int>(random_matrix(256, -128, 127), random_matrix(128, -128, 127), c, 16);
  expect_product<kUnsignedBySigned, uint8_t, int8_t, int>(random_matrix(512, 0, 255), random_matrix(256, -128, 127), c,
                                                          32);
}

__global__ void saturate_kernel(int* d, bool clamp) {  // 127 * 127 * 16 on top of what is there
  int c[4] = {INT32_MAX - 5, INT32_MIN + 5, INT32_MAX - 5, 0};
  const unsigned plus = 0x7f7f7f7f, minus = 0x81818181;  // 127 and -127
  if (clamp)
    asm volatile(
        "mma.sync.aligned.m16n8k16.row.col.satfinite.s32.s8.s8.s32 {%0,%1,%2,%3}, {%4,%5}, {%4}, {%0,%1,%2,%3};"
        : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
        : "r"(plus), "r"(minus));
  else
    asm volatile("mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32 {%0,%1,%2,%3}, {%4,%5}, {%4}, {%0,%1,%2,%3};"
                 : "+r"(c[0]), "+r"(c[1]), "+r"(c[2]), "+r"(c[3])
                 : "r"(plus), "r"(minus));
  for (int i = 0; i < 4; ++i) d[threadIdx.x * 4 + i] = c[i];
}
TEST_P(PtxMatrix, MmaSaturates) {
  constexpr int kSum = 127 * 127 * 16;
  const DeviceBuffer<int> d(128);
  saturate_kernel<<<1, 32>>>(d.data(), true);
  auto found = d.values();
  EXPECT_EQ(std::vector<int>(found.end() - 4, found.end()),
            (std::vector<int>{INT32_MAX, INT32_MIN + 5 + kSum, INT32_MAX - 5 - kSum, -kSum}));
  saturate_kernel<<<1, 32>>>(d.data(), false);
  found = d.values();
  EXPECT_EQ(found[0], int(unsigned(INT32_MAX - 5) + unsigned(kSum)));
}

__global__ void mma_half_sums_kernel(const __half* a, const __half* b, __half* c) {  // m16n8k16, sums of fp16
  const int k = 16;
  unsigned d[2];
  for (int r = 0; r < 2; ++r) d[r] = packed(&element_of_c(c, 2 * r), 1, 0);
  asm volatile("mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16 {%0,%1}, {%2,%3,%4,%5}, {%6,%7}, {%0,%1};"
               : "+r"(d[0]), "+r"(d[1])
               : "r"(register_of_a(a, k, 0)), "r"(register_of_a(a, k, 1)), "r"(register_of_a(a, k, 2)),
                 "r"(register_of_a(a, k, 3)), "r"(register_of_b(b, 0)), "r"(register_of_b(b, 1)));
  for (int r = 0; r < 2; ++r) memcpy(&element_of_c(c, 2 * r), &d[r], 4);
}
TEST_P(PtxMatrix, MmaHalfSums) {
  const auto a = random_matrix(256, -9, 9), b = random_matrix(128, -9, 9), c = random_matrix(128, -99, 99);
  const DeviceBuffer<__half> da(converted<__half>(a)), db(converted<__half>(b)), dc(converted<__half>(c));
  mma_half_sums_kernel<<<1, 32>>>(da.data(), db.data(), dc.data());
  EXPECT_EQ(to_int(dc.values()), product(a, b, c, 16, 8, 16));
}

// tf32 looks at 10 bits of mantissa, whatever stands behind them.
__global__ void tf32_bits_kernel(float* out) {
  const unsigned one_and_more = __float_as_uint(1.0f) | 0x1fff, two = __float_as_uint(2.0f);
  float d[4] = {0, 0, 0, 0};
  asm volatile("mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32 {%0,%1,%2,%3}, {%4,%4}, {%5}, {%0,%1,%2,%3};"
               : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
               : "r"(one_and_more), "r"(two));
  out[threadIdx.x] = d[0];
}
TEST_P(PtxMatrix, Tf32Bits) {
  const DeviceBuffer<float> out(32);
  tf32_bits_kernel<<<1, 32>>>(out.data());
  EXPECT_EQ(out.values(), std::vector<float>(32, 8.0f));
}

// ---- ldmatrix ----

template <int kCount, bool kTransposed>
__global__ void ldmatrix_kernel(const unsigned short* in, unsigned* out) {  // kCount matrices of 8 x 8
  __shared__ __align__(16) unsigned short tile[4 * 64];
  for (int i = int(threadIdx.x); i < kCount * 64; i += 32) tile[i] = in[i];
  __syncwarp();
  const unsigned t = threadIdx.x;
  // Rows in reverse order: their addresses are the lanes' own affair.
  const unsigned address = unsigned(__cvta_generic_to_shared(&tile[(t % (8 * kCount)) / 8 * 64 + (7 - t % 8) * 8]));
  unsigned r[4] = {};
  if constexpr (kCount == 1)
    asm volatile("ldmatrix.sync.aligned.m8n8.x1.shared.b16 {%0}, [%1];" : "=r"(r[0]) : "r"(address));
  else if constexpr (kCount == 2)
    asm volatile("ldmatrix.sync.aligned.m8n8.x2.trans.shared.b16 {%0,%1}, [%2];"
                 : "=r"(r[0]), "=r"(r[1])
                 : "r"(address));
  else if constexpr (kTransposed)
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(address));
  else
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0,%1,%2,%3}, [%4];"
                 : "=r"(r[0]), "=r"(r[1]), "=r"(r[2]), "=r"(r[3])
                 : "r"(address));
  for (int m = 0; m < kCount; ++m) out[m * 32 + t] = r[m];
}
template <int kCount, bool kTransposed>
void expect_loaded() {
  std::vector<unsigned short> in(kCount * 64);
  for (size_t i = 0; i < in.size(); ++i) in[i] = static_cast<unsigned short>(i * 257 + 3);
  const DeviceBuffer<unsigned short> device(in);
  const DeviceBuffer<unsigned> out(kCount * 32);
  ldmatrix_kernel<kCount, kTransposed><<<1, 32>>>(device.data(), out.data());
  const auto found = out.values();
  for (int m = 0; m < kCount; ++m)
    for (int lane = 0; lane < 32; ++lane)
      for (int half = 0; half < 2; ++half) {
        const int y = lane / 4, x = lane % 4 * 2 + half;
        const int row = kTransposed ? x : y, column = kTransposed ? y : x;
        EXPECT_EQ(found[m * 32 + lane] >> (16 * half) & 0xffff, in[m * 64 + (7 - row) * 8 + column])
            << m << " " << lane;
      }
}
TEST_P(PtxMatrix, Ldmatrix) {
  expect_loaded<1, false>();
  expect_loaded<2, true>();
  expect_loaded<4, false>();
  expect_loaded<4, true>();
}

// ---- wmma ----

namespace wmma = nvcuda::wmma;

template <int M, int N, int K, typename In, typename Storage, typename C, typename LayoutA, typename LayoutB>
__global__ void wmma_kernel(const Storage* a, int stride_a, const Storage* b, int stride_b, C* c, int stride_c,
                            bool by_column) {
  wmma::fragment<wmma::matrix_a, M, N, K, In, LayoutA> fa;
  wmma::fragment<wmma::matrix_b, M, N, K, In, LayoutB> fb;
  wmma::fragment<wmma::accumulator, M, N, K, C> fc;
  wmma::load_matrix_sync(fa, a, unsigned(stride_a));
  wmma::load_matrix_sync(fb, b, unsigned(stride_b));
  wmma::load_matrix_sync(fc, c, unsigned(stride_c), by_column ? wmma::mem_col_major : wmma::mem_row_major);
  wmma::mma_sync(fc, fa, fb, fc);
  for (int i = 0; i < fc.num_elements; ++i) fc.x[i] = fc.x[i] + fc.x[i];
  wmma::store_matrix_sync(c, fc, unsigned(stride_c), by_column ? wmma::mem_col_major : wmma::mem_row_major);
}

template <typename T>
constexpr bool kIsRow = std::is_same_v<T, wmma::row_major>;

template <int M, int N, int K, typename In, typename Storage, typename C, typename LayoutA, typename LayoutB>
void expect_wmma(const std::vector<int>& a, const std::vector<int>& b, const std::vector<int>& c, bool by_column) {
  const DeviceBuffer<Storage> da(converted<Storage>(kIsRow<LayoutA> ? a : transposed(a, M, K)));
  const DeviceBuffer<Storage> db(converted<Storage>(kIsRow<LayoutB> ? b : transposed(b, K, N)));
  const DeviceBuffer<C> dc(converted<C>(by_column ? transposed(c, M, N) : c));
  wmma_kernel<M, N, K, In, Storage, C, LayoutA, LayoutB><<<1, 32>>>(
      da.data(), kIsRow<LayoutA> ? K : M, db.data(), kIsRow<LayoutB> ? N : K, dc.data(), by_column ? M : N, by_column);
  auto expected = product(a, b, c, M, N, K);
  for (int& x : expected) x *= 2;
  EXPECT_EQ(to_int(dc.values()), by_column ? transposed(expected, M, N) : expected);
}
template <int M, int N, int K, typename In, typename Storage, typename C>
void expect_wmma_of_all_layouts(const std::vector<int>& a, const std::vector<int>& b, const std::vector<int>& c) {
  using Row = wmma::row_major;
  using Column = wmma::col_major;
  expect_wmma<M, N, K, In, Storage, C, Row, Row>(a, b, c, true);
  expect_wmma<M, N, K, In, Storage, C, Row, Column>(a, b, c, false);
  expect_wmma<M, N, K, In, Storage, C, Column, Row>(a, b, c, false);
  expect_wmma<M, N, K, In, Storage, C, Column, Column>(a, b, c, true);
}
TEST_P(PtxMatrix, WmmaHalves) {
  const auto c = random_matrix(256, -99, 99);
  const auto a = random_matrix(256, -5, 5), b = random_matrix(256, -5, 5);
  expect_wmma_of_all_layouts<16, 16, 16, __half, __half, float>(a, b, c);
  expect_wmma_of_all_layouts<16, 16, 16, __half, __half, __half>(a, b, c);
  expect_wmma_of_all_layouts<16, 16, 16, __nv_bfloat16, __nv_bfloat16, float>(a, b, c);
  const auto tall = random_matrix(512, -5, 5), flat = random_matrix(128, -5, 5);
  expect_wmma_of_all_layouts<32, 8, 16, __half, __half, float>(tall, flat, c);
  expect_wmma_of_all_layouts<8, 32, 16, __nv_bfloat16, __nv_bfloat16, float>(flat, tall, c);
}
TEST_P(PtxMatrix, WmmaTf32AndBytes) {
  const auto c = random_matrix(256, -99, 99);
  expect_wmma_of_all_layouts<16, 16, 8, wmma::precision::tf32, float, float>(random_matrix(128, -9, 9),
                                                                             random_matrix(128, -9, 9), c);
  expect_wmma_of_all_layouts<16, 16, 16, signed char, signed char, int>(random_matrix(256, -128, 127),
                                                                        random_matrix(256, -128, 127), c);
  expect_wmma_of_all_layouts<32, 8, 16, unsigned char, unsigned char, int>(random_matrix(512, 0, 255),
                                                                           random_matrix(128, 0, 255), c);
}

INSTANTIATE_TEST_SUITE_P(Schedules, PtxMatrix, all_conditions(), condition_name);

}  // namespace ptx_matrix
}  // namespace simulated_gpu::test
