// Work in different streams that touches the same memory, with and without what orders it. The checks find it in every
// schedule, also where the answer happens to be right.
#include <cublas_v2.h>
#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "tests/check/planted_bug.h"

namespace simulated_gpu::test {
namespace {

__global__ void add_kernel(float* values, float amount) {
  values[threadIdx.x] += amount;
}
__global__ void copy_kernel(const float* in, float* out) {
  out[threadIdx.x] = in[threadIdx.x];
}

// Two streams that do not order with the default stream, and an event.
struct Streams {
  Streams() {
    must(cudaStreamCreateWithFlags(&first, cudaStreamNonBlocking));
    must(cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking));
    must(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
  }
  ~Streams() {
    cudaStreamDestroy(first);
    cudaStreamDestroy(second);
    cudaEventDestroy(event);
  }
  // What is issued to `second` from now on comes after what is in `first`.
  void order() const {
    must(cudaEventRecord(event, first));
    must(cudaStreamWaitEvent(second, event, 0));
  }
  cudaStream_t first = nullptr, second = nullptr;
  cudaEvent_t event = nullptr;
};

bool holds(const DeviceBuffer<float>& buffer, float value) {
  if (cudaDeviceSynchronize() != cudaSuccess) return false;
  return buffer.values() == std::vector<float>(buffer.size(), value);
}

bool kernels(bool ordered) {
  const Streams streams;
  const DeviceBuffer<float> values(std::vector<float>(32, 1.0f));
  add_kernel<<<1, 32, 0, streams.first>>>(values.data(), 1.0f);
  if (ordered) streams.order();
  add_kernel<<<1, 32, 0, streams.second>>>(values.data(), 2.0f);
  return holds(values, 4.0f);
}

// The copy reads what the next kernel overwrites.
bool copy_and_kernel(bool ordered) {
  const Streams streams;
  const DeviceBuffer<float> values(std::vector<float>(32, 1.0f)), copied(32);
  must(cudaMemcpyAsync(copied.data(), values.data(), 128, cudaMemcpyDeviceToDevice, streams.first));
  if (ordered) streams.order();
  add_kernel<<<1, 32, 0, streams.second>>>(values.data(), 1.0f);
  return holds(values, 2.0f) && holds(copied, 1.0f);
}

bool set_and_kernel(bool ordered) {
  const Streams streams;
  const DeviceBuffer<float> values(std::vector<float>(32, 1.0f)), copied(std::vector<float>(32, 0.0f));
  must(cudaMemsetAsync(values.data(), 0, 128, streams.first));
  if (ordered) streams.order();
  copy_kernel<<<1, 32, 0, streams.second>>>(values.data(), copied.data());
  return holds(copied, 0.0f);
}

// cudaMemset does not wait, and its stream does not order with one that is non-blocking.
bool default_stream(bool waits) {
  const Streams streams;
  const DeviceBuffer<float> values(std::vector<float>(32, 1.0f));
  must(cudaMemset(values.data(), 0, 128));
  if (waits) must(cudaDeviceSynchronize());
  add_kernel<<<1, 32, 0, streams.first>>>(values.data(), 1.0f);
  return holds(values, 1.0f);
}

bool library(bool ordered) {
  const Streams streams;
  cublasHandle_t handle = nullptr;
  if (cublasCreate(&handle) != CUBLAS_STATUS_SUCCESS) return false;
  cublasSetStream(handle, streams.second);
  const DeviceBuffer<float> a(std::vector<float>(16, 1.0f)), c(16);
  const float one = 1, zero = 0;
  add_kernel<<<1, 16, 0, streams.first>>>(a.data(), 1.0f);
  if (ordered) streams.order();
  cublasSgemm(handle, CUBLAS_OP_N, CUBLAS_OP_N, 4, 4, 4, &one, a.data(), 4, a.data(), 4, &zero, c.data(), 4);
  const bool right = holds(c, 16.0f);
  cublasDestroy(handle);
  return right;
}

bool free_in_stream(bool ordered) {
  const Streams streams;
  const DeviceBuffer<float> copied(std::vector<float>(32, 0.0f));
  float* values = nullptr;
  must(cudaMallocAsync(&values, 128, streams.first));
  must(cudaMemsetAsync(values, 0, 128, streams.first));
  streams.order();
  copy_kernel<<<1, 32, 0, streams.second>>>(values, copied.data());
  if (ordered) must(cudaStreamSynchronize(streams.second));
  must(cudaFreeAsync(values, streams.first));
  return holds(copied, 0.0f);
}

// A capture that forks: the branches are unordered unless an event joins them in between.
bool graph(bool ordered) {
  const Streams streams;
  const DeviceBuffer<float> values(std::vector<float>(32, 1.0f));
  cudaEvent_t fork = nullptr;
  must(cudaEventCreate(&fork));
  must(cudaStreamBeginCapture(streams.first, cudaStreamCaptureModeGlobal));
  must(cudaEventRecord(fork, streams.first));
  must(cudaStreamWaitEvent(streams.second, fork, 0));
  add_kernel<<<1, 32, 0, streams.first>>>(values.data(), 1.0f);
  if (ordered) streams.order();
  add_kernel<<<1, 32, 0, streams.second>>>(values.data(), 2.0f);
  must(cudaEventRecord(streams.event, streams.second));
  must(cudaStreamWaitEvent(streams.first, streams.event, 0));
  cudaGraph_t graph = nullptr;
  cudaGraphExec_t executable = nullptr;
  must(cudaStreamEndCapture(streams.first, &graph));
  must(cudaGraphInstantiate(&executable, graph, 0));
  for (int i = 0; i < 2; ++i) must(cudaGraphLaunch(executable, streams.first));
  const bool right = holds(values, 7.0f);
  cudaGraphExecDestroy(executable);
  cudaGraphDestroy(graph);
  cudaEventDestroy(fork);
  return right;
}

PlantedBug pair(const char* name, const char* kind, const char* place, bool (*run)(bool)) {
  return {name, kind, place, [=] { run(false); }, [=] { return run(true); }};
}

const std::vector<PlantedBug> kBugs = {
    pair("TwoKernels", "race", "add_kernel", kernels),
    pair("CopyAndKernel", "race", "cudaMemcpyAsync", copy_and_kernel),
    pair("SetAndKernel", "race", "cudaMemsetAsync", set_and_kernel),
    pair("DefaultStream", "race", "cudaMemsetAsync", default_stream),
    pair("Library", "race", "cublasSgemm", library),
    pair("FreeInStream", "race|use-after-free", "device buffer of 128 bytes", free_in_stream),
    pair("BranchesOfAGraph", "race", "add_kernel", graph),
};

class StreamBugs : public testing::TestWithParam<PlantedBug> {};

TEST_P(StreamBugs, IsFoundAndItsTwinIsNot) {
  expect_found(GetParam());
}

INSTANTIATE_TEST_SUITE_P(Planted, StreamBugs, testing::ValuesIn(kBugs),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace simulated_gpu::test
