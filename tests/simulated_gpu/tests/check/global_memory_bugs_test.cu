// Mistakes with global memory. `kRight` is the twin without the mistake.
#include <memory>

#include <cooperative_groups.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "tests/check/planted_bug.h"

namespace simulated_gpu::test {
namespace {

template <bool kRight>
__global__ void count_kernel(int* counter) {
  if (kRight) {
    atomicAdd(counter, 1);
  } else {
    *counter = *counter + 1;
  }
}

// The block that finishes last adds up what the others left: they must have fenced it first.
template <bool kRight>
__global__ void last_block_kernel(float* parts, unsigned* ticket, float* sum) {  // 32 threads
  __shared__ bool last;
  if (threadIdx.x == 0) {
    parts[blockIdx.x] = 1.0f;
    if (kRight) __threadfence();
    last = atomicInc(ticket, gridDim.x - 1) == gridDim.x - 1;
  }
  __syncthreads();
  if (!last || threadIdx.x != 0) return;
  float total = 0;
  for (unsigned i = 0; i < gridDim.x; ++i) total += __ldcg(&parts[i]);
  *sum = total;
}

template <bool kRight>
__global__ void two_phases_kernel(float* a, float* b, int n) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) a[i] = float(i);
  if (kRight) cooperative_groups::this_grid().sync();
  if (i < n) b[i] = a[n - 1 - i];
}

__global__ void copy_kernel(const float* in, float* out, int n) {
  const int i = int(blockIdx.x * blockDim.x + threadIdx.x);
  if (i < n) out[i] = in[i];
}

__global__ void before_start_kernel(const float* in, float* out, int shift) {
  out[threadIdx.x] = in[int(threadIdx.x) - shift];
}

__global__ void wide_kernel(const float* in, float4* out) {
  out[threadIdx.x] = *reinterpret_cast<const float4*>(in + threadIdx.x * 4);
}

__global__ void histogram_kernel(int* bins) {
  atomicAdd(&bins[threadIdx.x % 4], 1);
}

bool done() {
  return cudaDeviceSynchronize() == cudaSuccess;
}

template <bool kRight>
bool count() {
  DeviceBuffer<int> counter(std::vector<int>{0});
  count_kernel<kRight><<<4, 1>>>(counter.data());
  return done() && counter.values()[0] == 4;
}

template <bool kRight>
bool last_block() {
  DeviceBuffer<float> parts(20), sum(1);
  DeviceBuffer<unsigned> ticket(std::vector<unsigned>{0});
  last_block_kernel<kRight><<<20, 32>>>(parts.data(), ticket.data(), sum.data());
  return done() && sum.values()[0] == 20.0f;
}

template <bool kRight>
bool two_phases() {
  int n = 512;
  DeviceBuffer<float> a(std::vector<float>(512, 0.0f)), b(512);
  float *a_data = a.data(), *b_data = b.data();
  void* arguments[] = {&a_data, &b_data, &n};
  must(cudaLaunchCooperativeKernel(two_phases_kernel<kRight>, dim3(2), dim3(256), arguments, size_t{0}, nullptr));
  return done() && b.values()[0] == 511.0f;
}

// Copies n floats into a buffer of 64.
bool copy(int n) {
  DeviceBuffer<float> in(std::vector<float>(65, 1.0f)), out(64);
  copy_kernel<<<1, 96>>>(in.data(), out.data(), n);
  return done() && out.values() == std::vector<float>(64, 1.0f);
}

bool before_start(int shift) {
  DeviceBuffer<float> in(std::vector<float>(32, 1.0f)), out(32);
  before_start_kernel<<<1, 32>>>(in.data(), out.data(), shift);
  return done() && out.values()[0] == 1.0f;
}

bool wide(int shift) {
  DeviceBuffer<float> in(std::vector<float>(64, 1.0f));
  DeviceBuffer<float4> out(8);
  wide_kernel<<<1, 8>>>(in.data() + shift, out.data());
  return done() && out.values()[7].w == 1.0f;
}

bool histogram(bool zeroed) {
  DeviceBuffer<int> bins(4);
  if (zeroed) must(cudaMemset(bins.data(), 0, 4 * sizeof(int)));
  histogram_kernel<<<1, 64>>>(bins.data());
  return done() && bins.values() == std::vector<int>(4, 16);
}

bool copy_from(const float* in) {
  DeviceBuffer<float> out(32);
  copy_kernel<<<1, 32>>>(in, out.data(), 32);
  return done() && out.values() == std::vector<float>(32, 1.0f);
}

bool uninitialised(bool written) {
  DeviceBuffer<float> in(32);
  if (written) must(cudaMemcpy(in.data(), std::vector<float>(32, 1.0f).data(), 128, cudaMemcpyHostToDevice));
  return copy_from(in.data());
}

// A copy between buffers takes along that its source was never written.
bool uninitialised_copy(bool written) {
  DeviceBuffer<float> first(32), second(32);
  if (written) must(cudaMemcpy(first.data(), std::vector<float>(32, 1.0f).data(), 128, cudaMemcpyHostToDevice));
  must(cudaMemcpy(second.data(), first.data(), 128, cudaMemcpyDeviceToDevice));
  return copy_from(second.data());
}

bool host_pointer(bool pinned) {
  std::vector<float> pageable(32, 1.0f);
  if (!pinned) return copy_from(pageable.data());
  must(cudaHostRegister(pageable.data(), 128, cudaHostRegisterDefault));
  const bool right = copy_from(pageable.data());
  must(cudaHostUnregister(pageable.data()));
  return right;
}

bool after_free(bool freed) {
  auto in = std::make_unique<DeviceBuffer<float>>(std::vector<float>(32, 1.0f));
  const float* data = in->data();
  if (freed) in.reset();
  return copy_from(data);
}

// Memory that one stream allocates is used in another, which waits for the first or does not.
bool stream_allocation(bool waits) {
  DeviceBuffer<float> in(std::vector<float>(32, 1.0f));
  cudaStream_t first = nullptr, second = nullptr;
  must(cudaStreamCreateWithFlags(&first, cudaStreamNonBlocking));
  must(cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking));
  float* out = nullptr;
  must(cudaMallocAsync(&out, 128, first));
  cudaEvent_t allocated = nullptr;
  must(cudaEventCreate(&allocated));
  must(cudaEventRecord(allocated, first));
  if (waits) must(cudaStreamWaitEvent(second, allocated, 0));
  copy_kernel<<<1, 32, 0, second>>>(in.data(), out, 32);
  // The copy is done before the memory goes: only the allocation may be unordered.
  std::vector<float> values(32);
  cudaStreamSynchronize(second);
  const bool right = cudaMemcpy(values.data(), out, 128, cudaMemcpyDeviceToHost) == cudaSuccess && values[31] == 1.0f;
  cudaFree(out);
  cudaEventDestroy(allocated);
  cudaStreamDestroy(first);
  cudaStreamDestroy(second);
  return right;
}

const char* const kFile = "global_memory_bugs_test.cu:";

const std::vector<PlantedBug> kBugs = {
    {"Counter", "race", kFile, count<false>, count<true>},
    {"LastBlockWithoutFence", "race", kFile, last_block<false>, last_block<true>},
    {"NoGridSynchronisation", "race", kFile, two_phases<false>, two_phases<true>},
    {"PastTheEnd", "out-of-bounds", "0 bytes behind the device buffer of 256 bytes", [] { copy(65); },
     [] { return copy(64); }},
    {"BeforeTheStart", "out-of-bounds", kFile, [] { before_start(1); }, [] { return before_start(0); }},
    {"Misaligned", "misaligned", "reads 16 bytes", [] { wide(1); }, [] { return wide(4); }},
    {"Uninitialised", "uninitialised", "device buffer of 128 bytes", [] { uninitialised(false); },
     [] { return uninitialised(true); }},
    {"UninitialisedThroughACopy", "uninitialised", kFile, [] { uninitialised_copy(false); },
     [] { return uninitialised_copy(true); }},
    {"AtomicsOnMemoryNeverSet", "uninitialised", "atomically updates", [] { histogram(false); },
     [] { return histogram(true); }},
    {"HostPointer", "host-pointer", kFile, [] { host_pointer(false); }, [] { return host_pointer(true); }},
    {"UseAfterFree", "use-after-free", "freed device buffer", [] { after_free(true); },
     [] { return after_free(false); }},
    {"UseBeforeStreamAllocation", "use-after-free|race", "device buffer of 128 bytes", [] { stream_allocation(false); },
     [] { return stream_allocation(true); }},
};

class GlobalMemoryBugs : public testing::TestWithParam<PlantedBug> {};

TEST_P(GlobalMemoryBugs, IsFoundAndItsTwinIsNot) {
  expect_found(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Planted, GlobalMemoryBugs, testing::ValuesIn(kBugs),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace simulated_gpu::test
