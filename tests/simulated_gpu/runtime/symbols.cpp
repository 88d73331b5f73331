// __device__ and __constant__ variables by their host symbol.
#include <cuda_runtime_api.h>

#include "runtime/copies.h"
#include "runtime/errors.h"
#include "runtime/program.h"

namespace simulated_gpu {
namespace {

cudaError_t locate(const void* symbol, size_t bytes, size_t offset, unsigned char** address) {
  DeviceVariable variable;
  const cudaError_t error = find_variable(symbol, variable);
  if (error != cudaSuccess) return error;
  if (offset > variable.bytes || bytes > variable.bytes - offset) return cudaErrorInvalidValue;
  *address = variable.address + offset;
  return cudaSuccess;
}

cudaError_t to_symbol(const void* symbol, const void* from, size_t bytes, size_t offset, cudaMemcpyKind kind,
                      cudaStream_t stream, Waiting waiting) {
  unsigned char* address = nullptr;
  const cudaError_t error = locate(symbol, bytes, offset, &address);
  return error == cudaSuccess ? copy(address, from, line(bytes), kind, stream, waiting) : error;
}

cudaError_t from_symbol(void* to, const void* symbol, size_t bytes, size_t offset, cudaMemcpyKind kind,
                        cudaStream_t stream, Waiting waiting) {
  unsigned char* address = nullptr;
  const cudaError_t error = locate(symbol, bytes, offset, &address);
  return error == cudaSuccess ? copy(to, address, line(bytes), kind, stream, waiting) : error;
}

}  // namespace
}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaGetSymbolAddress(void** address, const void* symbol) {
  return api_call([&] {
    DeviceVariable variable;
    const cudaError_t error = find_variable(symbol, variable);
    if (error == cudaSuccess) *address = variable.address;
    return error;
  });
}

cudaError_t cudaGetSymbolSize(size_t* bytes, const void* symbol) {
  return api_call([&] {
    DeviceVariable variable;
    const cudaError_t error = find_variable(symbol, variable);
    if (error == cudaSuccess) *bytes = variable.bytes;
    return error;
  });
}

cudaError_t cudaMemcpyToSymbol(const void* symbol, const void* from, size_t bytes, size_t offset, cudaMemcpyKind kind) {
  return api_call([&] { return to_symbol(symbol, from, bytes, offset, kind, nullptr, Waiting::kAsDocumented); });
}

cudaError_t cudaMemcpyToSymbolAsync(const void* symbol, const void* from, size_t bytes, size_t offset,
                                    cudaMemcpyKind kind, cudaStream_t stream) {
  return api_call([&] { return to_symbol(symbol, from, bytes, offset, kind, stream, Waiting::kNever); });
}

cudaError_t cudaMemcpyFromSymbol(void* to, const void* symbol, size_t bytes, size_t offset, cudaMemcpyKind kind) {
  return api_call([&] { return from_symbol(to, symbol, bytes, offset, kind, nullptr, Waiting::kAsDocumented); });
}

cudaError_t cudaMemcpyFromSymbolAsync(void* to, const void* symbol, size_t bytes, size_t offset, cudaMemcpyKind kind,
                                      cudaStream_t stream) {
  return api_call([&] { return from_symbol(to, symbol, bytes, offset, kind, stream, Waiting::kNever); });
}

}  // extern "C"
