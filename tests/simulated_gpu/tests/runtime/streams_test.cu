// Streams, events and graphs: what happens only when something waits for it.
#include <vector>

#include <cuda_runtime.h>
#include <gtest/gtest.h>

#include "testing/device_buffer.h"
#include "testing/simulated_gpu.h"
#include "tests/support/random_seed.h"

namespace simulated_gpu::test {
namespace {

__global__ void axpy_kernel(float a, const float* x, float* y) {
  y[threadIdx.x] += a * x[threadIdx.x];
}

class Streams : public testing::TestWithParam<Order> {
 protected:
  void SetUp() override {
    set_schedule(GetParam(), matinee::test::random_seed());
    must(cudaStreamCreateWithFlags(&first_, cudaStreamNonBlocking));
    must(cudaStreamCreateWithFlags(&second_, cudaStreamNonBlocking));
    must(cudaEventCreate(&event_));
  }
  void TearDown() override {
    must(cudaEventDestroy(event_));
    must(cudaStreamDestroy(first_));
    must(cudaStreamDestroy(second_));
    set_schedule(Order::kForward);
  }

  // y = 0 in the second stream, x = 1 in the first, then y += 2 x in the second and out of the device.
  float run(bool wait_for_event, bool wait_for_end) {
    const DeviceBuffer<float> x(kCount), y(kCount);
    std::vector<float> out(kCount, -1.0f);
    must(cudaMemsetAsync(y.data(), 0, kCount * 4, second_));
    must(cudaMemcpyAsync(x.data(), ones_.data(), kCount * 4, cudaMemcpyHostToDevice, first_));
    must(cudaEventRecord(event_, first_));
    if (wait_for_event) must(cudaStreamWaitEvent(second_, event_, 0));
    axpy_kernel<<<1, kCount, 0, second_>>>(2.0f, x.data(), y.data());
    must(cudaMemcpyAsync(out.data(), y.data(), kCount * 4, cudaMemcpyDeviceToHost, second_));
    if (wait_for_end) must(cudaStreamSynchronize(second_));
    const float found = out[7];
    must(cudaDeviceSynchronize());
    return found;
  }

  static constexpr size_t kCount = 64;
  const std::vector<float> ones_ = std::vector<float>(kCount, 1.0f);
  cudaStream_t first_ = nullptr, second_ = nullptr;
  cudaEvent_t event_ = nullptr;
};

TEST_P(Streams, AreRightWithAnEventAndAWait) {
  EXPECT_EQ(run(true, true), 2.0f);
}

TEST_P(Streams, DependOnTheDefaultStreamUnlessNonBlocking) {
  cudaStream_t blocking = nullptr;
  must(cudaStreamCreate(&blocking));
  const DeviceBuffer<float> x(ones_), y(kCount);
  must(cudaMemset(y.data(), 0, kCount * 4));
  axpy_kernel<<<1, kCount, 0, blocking>>>(1.0f, x.data(), y.data());
  axpy_kernel<<<1, kCount>>>(1.0f, y.data(), x.data());
  axpy_kernel<<<1, kCount, 0, blocking>>>(1.0f, x.data(), y.data());
  must(cudaStreamSynchronize(blocking));
  EXPECT_EQ(x.values()[0], 2.0f);
  EXPECT_EQ(y.values()[0], 3.0f);
  must(cudaStreamDestroy(blocking));
}

TEST_P(Streams, GoOnAfterTheyAreDestroyed) {
  cudaStream_t stream = nullptr;
  must(cudaStreamCreate(&stream));
  const DeviceBuffer<float> x(ones_), y(ones_);
  axpy_kernel<<<1, kCount, 0, stream>>>(1.0f, x.data(), y.data());
  must(cudaStreamDestroy(stream));
  EXPECT_EQ(y.values()[0], 2.0f);
  EXPECT_EQ(cudaStreamSynchronize(stream), cudaErrorInvalidResourceHandle);
  cudaGetLastError();
}

TEST_P(Streams, CallHostFunctionsInOrder) {
  std::vector<int> calls;
  struct Call {
    std::vector<int>* calls;
    int number;
  };
  std::vector<Call> arguments;
  for (int i = 0; i < 5; ++i) arguments.push_back({&calls, i});
  for (Call& argument : arguments) {
    must(cudaLaunchHostFunc(
        first_, [](void* data) { static_cast<Call*>(data)->calls->push_back(static_cast<Call*>(data)->number); },
        &argument));
  }
  must(cudaStreamSynchronize(first_));
  EXPECT_EQ(calls, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST_P(Streams, AreDoneAfterEnoughQueries) {
  const DeviceBuffer<float> x(ones_), y(ones_);
  for (int i = 0; i < 5; ++i) axpy_kernel<<<1, kCount, 0, first_>>>(1.0f, x.data(), y.data());
  must(cudaEventRecord(event_, first_));
  int queries = 0;
  while (cudaEventQuery(event_) == cudaErrorNotReady) ASSERT_LT(++queries, 100);
  EXPECT_EQ(cudaStreamQuery(first_), cudaSuccess);
  EXPECT_EQ(y.values()[0], 6.0f);
}

TEST_P(Streams, TimeWhatIsBetweenTwoEvents) {
  cudaEvent_t end = nullptr;
  must(cudaEventCreate(&end));
  float milliseconds = -1;
  EXPECT_EQ(cudaEventElapsedTime(&milliseconds, event_, end), cudaErrorInvalidResourceHandle);
  must(cudaEventRecord(event_, first_));
  must(cudaEventRecord(end, first_));
  must(cudaEventSynchronize(end));
  must(cudaEventElapsedTime(&milliseconds, event_, end));
  EXPECT_GE(milliseconds, 0.0f);
  must(cudaEventDestroy(end));
  cudaGetLastError();
}

TEST_P(Streams, CaptureAGraphThatIsLaunchedAndUpdated) {
  const DeviceBuffer<float> x(ones_), y(std::vector<float>(kCount, 0.0f));
  const auto capture = [&](float factor) {
    cudaGraph_t graph = nullptr;
    must(cudaStreamBeginCapture(first_, cudaStreamCaptureModeGlobal));
    axpy_kernel<<<1, kCount, 0, first_>>>(factor, x.data(), y.data());
    axpy_kernel<<<1, kCount, 0, first_>>>(factor, y.data(), x.data());
    must(cudaStreamEndCapture(first_, &graph));
    return graph;
  };
  const cudaGraph_t graph = capture(1.0f), other = capture(0.0f);
  EXPECT_EQ(y.values()[3], 0.0f);  // a capture runs nothing
  size_t nodes = 0;
  must(cudaGraphGetNodes(graph, nullptr, &nodes));
  EXPECT_EQ(nodes, 2u);
  cudaGraphExec_t executable = nullptr;
  must(cudaGraphInstantiate(&executable, graph, 0));
  for (int i = 0; i < 3; ++i) must(cudaGraphLaunch(executable, first_));
  must(cudaStreamSynchronize(first_));
  EXPECT_EQ(y.values()[3], 8.0f);
  EXPECT_EQ(x.values()[3], 13.0f);
  cudaGraphExecUpdateResultInfo result{};
  must(cudaGraphExecUpdate(executable, other, &result));
  EXPECT_EQ(result.result, cudaGraphExecUpdateSuccess);
  must(cudaGraphLaunch(executable, first_));
  must(cudaStreamSynchronize(first_));
  EXPECT_EQ(y.values()[3], 8.0f);
  must(cudaGraphExecDestroy(executable));
  must(cudaGraphDestroy(graph));
  must(cudaGraphDestroy(other));
}

TEST_P(Streams, RefuseToWaitOrAllocateInACapture) {
  cudaGraph_t graph = nullptr;
  void* address = nullptr;
  must(cudaStreamBeginCapture(first_, cudaStreamCaptureModeGlobal));
  EXPECT_EQ(cudaStreamSynchronize(first_), cudaErrorStreamCaptureUnsupported);
  EXPECT_EQ(cudaDeviceSynchronize(), cudaErrorStreamCaptureUnsupported);
  EXPECT_EQ(cudaMalloc(&address, 16), cudaErrorStreamCaptureUnsupported);
  must(cudaEventRecord(event_, first_));
  must(cudaStreamWaitEvent(second_, event_, 0));
  must(cudaMemsetAsync(nullptr, 0, 0, second_));
  must(cudaLaunchHostFunc(
      second_, [](void*) {}, nullptr));
  EXPECT_EQ(cudaStreamEndCapture(first_, &graph), cudaErrorStreamCaptureUnjoined);
  cudaGetLastError();
}

INSTANTIATE_TEST_SUITE_P(InEverySchedule, Streams, testing::Values(Order::kForward, Order::kReverse, Order::kRandom));

// What the schedules are for: mistakes give wrong answers, without any check.
class StreamSchedules : public Streams {};

TEST_P(StreamSchedules, ShowAMissingEvent) {
  EXPECT_NE(run(false, true), 2.0f);
}

TEST_P(StreamSchedules, ShowAMissingWait) {
  EXPECT_NE(run(true, false), 2.0f);
}

INSTANTIATE_TEST_SUITE_P(InBothFixedSchedules, StreamSchedules, testing::Values(Order::kForward, Order::kReverse));

TEST(AsynchronousCopies, FindThatTheHostBufferChanged) {
  cudaStream_t stream = nullptr;
  must(cudaStreamCreate(&stream));
  const DeviceBuffer<float> device(16);
  std::vector<float> host(16, 1.0f);
  must(cudaMemcpyAsync(device.data(), host.data(), 64, cudaMemcpyHostToDevice, stream));
  host[3] = 2.0f;
  EXPECT_NE(cudaStreamSynchronize(stream), cudaSuccess);
  EXPECT_EQ(kind_of(take_finding()), "host-buffer-changed");
  must(cudaStreamDestroy(stream));
}

}  // namespace
}  // namespace simulated_gpu::test
