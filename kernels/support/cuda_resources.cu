#include <memory>

#include "kernels/support/cuda_resources.cuh"
#include "kernels/support/cudnn_handles.cuh"
#include "kernels/support/error.h"
#include "kernels/support/launch.cuh"

namespace matinee {
namespace {

int attribute(cudaDeviceAttr wanted, int ordinal) {
  int value = 0;
  check_cuda(cudaDeviceGetAttribute(&value, wanted, ordinal), "cudaDeviceGetAttribute");
  return value;
}

// Streams are made on the current device.
int made_current(int ordinal) {
  check_cuda(cudaSetDevice(ordinal), "cudaSetDevice");
  return ordinal;
}

}  // namespace

std::string LaunchPlace::text() const {
  return "kernel " + std::string(name) + " <<<" + std::to_string(blocks) + ", " + std::to_string(threads) + ", " +
         std::to_string(shared_bytes) + ">>> at " + place_text(where);
}

CudaResources::CudaResources(int ordinal, int64_t memory_limit)
    : ordinal_(made_current(ordinal)),
      multiprocessors_(attribute(cudaDevAttrMultiProcessorCount, ordinal)),
      memory_(ordinal, stream_.get(), memory_limit) {}

CudaResources::~CudaResources() {
  warn_cuda(cudaSetDevice(ordinal_), "cudaSetDevice");
  warn_cuda(cudaStreamSynchronize(copies_.get()), "cudaStreamSynchronize");
  warn_cuda(cudaStreamSynchronize(stream_.get()), "cudaStreamSynchronize");
}

void CudaResources::activate() const {
  check_cuda(cudaSetDevice(ordinal_), "cudaSetDevice");
}

cublasHandle_t CudaResources::blas() {
  if (!blas_) blas_.emplace(stream_.get());
  return blas_->get();
}

cudnnContext* CudaResources::dnn() {
  if (!dnn_) dnn_ = std::make_unique<CudnnHandle>(stream_.get());
  return dnn_->get();
}

void CudaResources::copies_wait_for_kernels() {
  kernels_so_far_.record(stream_.get());
  kernels_so_far_.hold(copies_.get());
}

void CudaResources::kernels_wait_for_copies() {
  copies_so_far_.record(copies_.get());
  copies_so_far_.hold(stream_.get());
}

void CudaResources::synchronize() {
  check_work(cudaStreamSynchronize(stream_.get()));
  check_work(cudaStreamSynchronize(copies_.get()));
}

void CudaResources::wait(const Event& event) {
  check_work(event.wait());
}

void CudaResources::check_work(cudaError_t error) const {
  if (error == cudaSuccess) return;
  cudaGetLastError();
  fail(ErrorKind::kDevice, error_text(error) + "; the last kernel started was " +
                               (last_launch_.name == nullptr ? "none" : last_launch_.text()));
}

namespace detail {

void launch(CudaResources& cuda, const void* function, LaunchShape shape, void** arguments, const LaunchPlace& place) {
  if (shape.blocks == 0) return;
  if (shape.blocks < 0 || shape.blocks > kMostBlocks) {
    fail(ErrorKind::kDevice, place.text() + ": a grid has 1 to " + std::to_string(kMostBlocks) + " blocks");
  }
  const dim3 grid(static_cast<unsigned>(shape.blocks)), block(static_cast<unsigned>(shape.threads));
  const auto shared = static_cast<std::size_t>(shape.shared_bytes);
  const cudaError_t error = shape.cooperative
                                ? cudaLaunchCooperativeKernel(function, grid, block, arguments, shared, cuda.stream())
                                : cudaLaunchKernel(function, grid, block, arguments, shared, cuda.stream());
  if (error != cudaSuccess) {
    cudaGetLastError();
    fail(ErrorKind::kDevice, place.text() + ": " + error_text(error));
  }
  cuda.launched(place);
}

int64_t most_blocks_at_once(CudaResources& cuda, const void* function, int threads, int64_t shared_bytes) {
  check_cuda(
      cudaFuncSetAttribute(function, cudaFuncAttributeMaxDynamicSharedMemorySize, static_cast<int>(shared_bytes)),
      "cudaFuncSetAttribute");
  int per_processor = 0;
  check_cuda(cudaOccupancyMaxActiveBlocksPerMultiprocessor(&per_processor, function, threads,
                                                           static_cast<std::size_t>(shared_bytes)),
             "cudaOccupancyMaxActiveBlocksPerMultiprocessor");
  return int64_t{per_processor} * cuda.multiprocessors();
}

}  // namespace detail

int64_t most_shared_bytes() {
  int device = 0, most = 0;
  check_cuda(cudaGetDevice(&device), "cudaGetDevice");
  check_cuda(cudaDeviceGetAttribute(&most, cudaDevAttrMaxSharedMemoryPerBlockOptin, device), "cudaDeviceGetAttribute");
  return most;
}

// For context.cpp, which knows no CUDA type.
std::shared_ptr<CudaResources> make_cuda_resources(int ordinal, int64_t memory_limit) {
  return std::make_shared<CudaResources>(ordinal, memory_limit);
}

CudaResources& activated(CudaResources& resources) {
  resources.activate();
  return resources;
}

int64_t peak_bytes(const CudaResources& resources) {
  return resources.memory().peak();
}

void reset_peak_bytes(CudaResources& resources) {
  resources.memory().reset_peak();
}

void limit_bytes(CudaResources& resources, int64_t bytes) {
  resources.memory().set_limit(bytes);
}

int64_t available_bytes(const CudaResources& resources) {
  return resources.memory().available();
}

}  // namespace matinee
