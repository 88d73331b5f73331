// Loads and stores of all widths, vectors, strong accesses, address spaces, variables, parameters.
#include <cstring>
#include <vector>

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "tests/ptx/any_schedule.h"

namespace simulated_gpu::test {
namespace ptx_memory {

class PtxMemory : public AnySchedule {};

std::vector<unsigned char> pattern(size_t bytes) {
  std::vector<unsigned char> values(bytes);
  unsigned state = unsigned(matinee::test::random_seed());
  for (unsigned char& value : values) {
    state = state * 1664525u + 1013904223u;
    value = static_cast<unsigned char>(state >> 24);
  }
  return values;
}

template <typename T>
__global__ void widen_kernel(const T* in, long long* out, int count) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < count) out[i] = (long long)in[count - 1 - i];
}
template <typename T>
__global__ void copy_every_third_kernel(const T* in, T* out, int count) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x) * 3;
  if (i < count) out[i] = in[i];
}

template <typename T>
void expect_widened() {
  constexpr int kCount = 1000;
  const auto bytes = pattern(kCount * sizeof(T));
  std::vector<T> values(kCount);
  memcpy(values.data(), bytes.data(), bytes.size());
  const DeviceBuffer<T> in(values);
  const DeviceBuffer<long long> out(kCount);
  widen_kernel<<<8, 128>>>(in.data(), out.data(), kCount);
  const DeviceBuffer<T> thirds(std::vector<T>(kCount, T(0)));
  copy_every_third_kernel<<<3, 128>>>(in.data(), thirds.data(), kCount);
  const auto widened = out.values();
  const auto copied = thirds.values();
  for (int i = 0; i < kCount; ++i) {
    EXPECT_EQ(widened[i], (long long)values[kCount - 1 - i]) << i;
    EXPECT_EQ(copied[i], i % 3 == 0 ? values[i] : T(0)) << i;
  }
}
TEST_P(PtxMemory, Widths) {
  expect_widened<signed char>();
  expect_widened<unsigned char>();
  expect_widened<short>();
  expect_widened<unsigned short>();
  expect_widened<int>();
  expect_widened<unsigned>();
  expect_widened<long long>();
}

__global__ void vector_kernel(const float4* a, const uchar4* b, const double2* c, const short2* d, float4* a_out,
                              uchar4* b_out, double2* c_out, short2* d_out) {  // 64 threads
  const int i = int(threadIdx.x), j = 63 - i;
  const float4 x = a[j];
  a_out[i] = make_float4(x.w, x.z, x.y, x.x);
  const uchar4 y = b[j];
  b_out[i] = make_uchar4(y.y, y.x, y.w, y.z);
  const double2 z = c[j];
  c_out[i] = make_double2(z.y, z.x);
  const short2 w = d[j];
  d_out[i] = make_short2(w.y, w.x);
}
TEST_P(PtxMemory, Vectors) {
  std::vector<float4> a(64);
  std::vector<uchar4> b(64);
  std::vector<double2> c(64);
  std::vector<short2> d(64);
  for (int i = 0; i < 64; ++i) {
    const float x = float(i);
    a[i] = make_float4(x, x + 100, x + 200, x + 300);
    b[i] = make_uchar4(static_cast<unsigned char>(i), static_cast<unsigned char>(i + 64),
                       static_cast<unsigned char>(i + 128), static_cast<unsigned char>(i + 190));
    c[i] = make_double2(i, -i);
    d[i] = make_short2(short(i - 32), short(-1000 * i));
  }
  const DeviceBuffer<float4> da(a), a_out(64);
  const DeviceBuffer<uchar4> db(b), b_out(64);
  const DeviceBuffer<double2> dc(c), c_out(64);
  const DeviceBuffer<short2> dd(d), d_out(64);
  vector_kernel<<<1, 64>>>(da.data(), db.data(), dc.data(), dd.data(), a_out.data(), b_out.data(), c_out.data(),
                           d_out.data());
  const auto ra = a_out.values();
  const auto rb = b_out.values();
  const auto rc = c_out.values();
  const auto rd = d_out.values();
  for (int i = 0; i < 64; ++i) {
    const int j = 63 - i;
    EXPECT_TRUE(ra[i].x == a[j].w && ra[i].y == a[j].z && ra[i].z == a[j].y && ra[i].w == a[j].x) << i;
    EXPECT_TRUE(rb[i].x == b[j].y && rb[i].y == b[j].x && rb[i].z == b[j].w && rb[i].w == b[j].z) << i;
    EXPECT_TRUE(rc[i].x == c[j].y && rc[i].y == c[j].x) << i;
    EXPECT_TRUE(rd[i].x == d[j].y && rd[i].y == d[j].x) << i;
  }
}

__global__ void strong_kernel(const unsigned long long* in, unsigned long long* out) {  // pairs
  const int i = int(threadIdx.x);
  unsigned long long x, y;
  asm volatile("ld.acquire.gpu.global.u64 %0, [%1];" : "=l"(x) : "l"(in + 2 * i) : "memory");
  asm volatile("ld.relaxed.sys.global.u64 %0, [%1+8];" : "=l"(y) : "l"(in + 2 * i) : "memory");
  asm volatile("st.release.gpu.global.v2.u64 [%0], {%1, %2};" ::"l"(out + 2 * i), "l"(y), "l"(x) : "memory");
  asm volatile("ld.volatile.global.v2.u64 {%0, %1}, [%2];" : "=l"(x), "=l"(y) : "l"(out + 2 * i) : "memory");
  unsigned short half = static_cast<unsigned short>(x);
  asm volatile("st.volatile.global.u16 [%0], %1;" ::"l"(out + 2 * i + 1), "h"(half) : "memory");
}
TEST_P(PtxMemory, StrongAccesses) {
  std::vector<unsigned long long> in(128);
  for (size_t i = 0; i < in.size(); ++i) in[i] = i * 0x123456789abcdefull;
  const DeviceBuffer<unsigned long long> device_in(in), out(128);
  strong_kernel<<<1, 64>>>(device_in.data(), out.data());
  const auto result = out.values();
  for (int i = 0; i < 64; ++i) {
    EXPECT_EQ(result[2 * i], in[2 * i + 1]);
    EXPECT_EQ(result[2 * i + 1], (in[2 * i] & ~0xffffull) | (in[2 * i + 1] & 0xffff));
  }
}

__constant__ int constants[5] = {3, 1, 4, 1, 5};
__device__ double initialised[2] = {2.5, -1.0};
__device__ int counter;
__device__ int* volatile pointer_to_counter = &counter;
__device__ const char words[] = "words";
__constant__ int from_host[4];

__global__ void variables_kernel(double* out) {
  double sum = 0;
  for (int i = 0; i < 5; ++i) sum = sum * 10 + constants[i];
  out[0] = sum;
  out[1] = initialised[0] * initialised[1];
  out[2] = words[4];
  out[3] = from_host[threadIdx.x + 2];
  *pointer_to_counter += 1;
}
TEST_P(PtxMemory, Variables) {
  const int values[4] = {10, 20, 30, 40}, zero = 0;
  must(cudaMemcpyToSymbol(from_host, values, sizeof values));
  must(cudaMemcpyToSymbol(counter, &zero, sizeof zero));
  const DeviceBuffer<double> out(4);
  variables_kernel<<<1, 1>>>(out.data());
  variables_kernel<<<1, 1>>>(out.data());
  EXPECT_EQ(out.values(), (std::vector<double>{31415, -2.5, 's', 30}));
  int count = 0;
  must(cudaMemcpyFromSymbol(&count, counter, sizeof count));
  EXPECT_EQ(count, 2);
}

__device__ __noinline__ int read_any(const int* p) {
  return *p;
}

__global__ void spaces_kernel(const int* global, const int* choice, int* out) {  // 96 threads
  extern __shared__ int dynamic[];
  __shared__ int fixed[96], second[96];
  const int t = int(threadIdx.x);
  int local[8];
  for (int i = 0; i < 8; ++i) local[i] = 4000 + 10 * t + i;
  fixed[t] = 1000 + t;
  second[t] = 5000 + t;
  dynamic[t] = 2000 + t;
  __syncthreads();
  const int* pointers[] = {&fixed[95 - t], &dynamic[(t + 1) % 96], &global[t], &local[choice[t] & 7],
                           &second[(t + 3) % 96]};
  const int* chosen = pointers[choice[t] % 5];
  const int where = __isShared(chosen) * 1 + __isGlobal(chosen) * 2 + __isLocal(chosen) * 4;
  local[(choice[t] + 1) & 7] = 7;
  out[t] = read_any(chosen) * 8 + where;
}
TEST_P(PtxMemory, GenericAddresses) {
  std::vector<int> global(96), choice(96);
  for (int t = 0; t < 96; ++t) {
    global[t] = 3000 + t;
    choice[t] = t * 7 % 13;
  }
  const DeviceBuffer<int> device_global(global), device_choice(choice), out(96);
  spaces_kernel<<<1, 96, 96 * sizeof(int)>>>(device_global.data(), device_choice.data(), out.data());
  const auto result = out.values();
  for (int t = 0; t < 96; ++t) {
    const int values[] = {1000 + 95 - t, 2000 + (t + 1) % 96, 3000 + t, 4000 + 10 * t + (choice[t] & 7),
                          5000 + (t + 3) % 96};
    const int wheres[] = {1, 1, 2, 4, 1};
    const int kind = choice[t] % 5;
    EXPECT_EQ(result[t], values[kind] * 8 + wheres[kind]) << t;
  }
}

struct Large {
  char first;
  double numbers[20];
  short last;
};
__global__ void parameter_kernel(int a, Large large, char b, double* out) {
  out[threadIdx.x] = large.numbers[threadIdx.x] + a + large.first + large.last + b;
}
TEST_P(PtxMemory, Parameters) {
  Large large{1, {}, -3};
  for (int i = 0; i < 20; ++i) large.numbers[i] = i * 100.5;
  const DeviceBuffer<double> out(20);
  parameter_kernel<<<1, 20>>>(1000, large, 5, out.data());
  const auto result = out.values();
  for (int i = 0; i < 20; ++i) EXPECT_EQ(result[i], i * 100.5 + 1003);
}

INSTANTIATE_TEST_SUITE_P(Schedules, PtxMemory, all_conditions(), condition_name);

}  // namespace ptx_memory
}  // namespace simulated_gpu::test
