// A CUDA program with one behaviour for each word on its command line; process_test.cpp looks at how it ends.
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include <cublas_v2.h>
#include <cuda_runtime.h>
#include <cudnn.h>

namespace {

__global__ void set_kernel(int* out) {
  out[threadIdx.x] = int(threadIdx.x);
}

int run_kernel(size_t count) {
  int* out = nullptr;
  if (cudaMalloc(&out, count * sizeof(int)) != cudaSuccess) return 1;
  set_kernel<<<1, 64>>>(out);
  const cudaError_t error = cudaDeviceSynchronize();
  if (error == cudaSuccess) cudaFree(out);
  return error == cudaSuccess ? 0 : 3;
}

int allocate(size_t bytes) {
  void* memory = nullptr;
  const cudaError_t error = cudaMalloc(&memory, bytes);
  std::printf("%s\n", cudaGetErrorName(error));
  cudaFree(memory);
  return 0;
}

int leave_behind(std::string_view what) {
  void* memory = nullptr;
  cudaStream_t stream = nullptr;
  cudaEvent_t event = nullptr;
  cublasHandle_t handle = nullptr;
  cudnnHandle_t dnn = nullptr;
  cudnnRNNDescriptor_t rnn = nullptr;
  if (what == "memory") cudaMalloc(&memory, 40);
  if (what == "pinned") cudaMallocHost(&memory, 40);
  if (what == "stream") cudaStreamCreate(&stream);
  if (what == "event") cudaEventCreate(&event);
  if (what == "handle") cublasCreate(&handle);
  if (what == "cudnn-handle") cudnnCreate(&dnn);
  if (what == "descriptor") cudnnCreateRNNDescriptor(&rnn);
  return run_kernel(64);
}

int describe() {
  cudaDeviceProp properties{};
  cudaGetDeviceProperties(&properties, 0);
  std::printf("%s %zu %d.%d\n", properties.name, properties.totalGlobalMem, properties.major, properties.minor);
  return 0;
}

int describe_gru() {
  cudnnRNNDescriptor_t rnn = nullptr;
  cudnnCreateRNNDescriptor(&rnn);
  return int(cudnnSetRNNDescriptor_v8(rnn, CUDNN_RNN_ALGO_STANDARD, CUDNN_GRU, CUDNN_RNN_DOUBLE_BIAS,
                                      CUDNN_UNIDIRECTIONAL, CUDNN_LINEAR_INPUT, CUDNN_DATA_FLOAT, CUDNN_DATA_FLOAT,
                                      CUDNN_DEFAULT_MATH, 4, 4, 4, 1, nullptr, 0));
}

int use_unsupported(std::string_view what) {
  float* memory = nullptr;
  double scalar = 0;
  if (what == "cudaMallocManaged") return int(cudaMallocManaged(&memory, 4));
  if (what == "cudnnGetMaxDeviceVersion") return int(cudnnGetMaxDeviceVersion());
  if (what == "another RNN than an LSTM of one direction with linear input") return describe_gru();
  return int(cublasDnrm2(nullptr, 1, nullptr, 1, &scalar));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "", which = argc > 2 ? argv[2] : "";
  if (what == "run") return run_kernel(64);
  if (what == "ignore-errors") return run_kernel(60), 0;
  if (what == "allocate") return allocate(std::stoull(std::string(which)));
  if (what == "leave") return leave_behind(which);
  if (what == "describe") return describe();
  if (what == "unsupported") return use_unsupported(which);
  return 2;
}
