// Device management: one device, always current.
#include <cstdio>
#include <cstring>
#include <map>

#include <cuda_runtime_api.h>

#include "runtime/device_model.h"
#include "runtime/errors.h"
#include "runtime/heap.h"
#include "runtime/launch_limits.h"
#include "runtime/operations.h"
#include "runtime/streams.h"

namespace simulated_gpu {
namespace {

// Attributes of which a program may ask; any other stops it.
const std::map<cudaDeviceAttr, int>& attributes() {
  const DeviceModel& model = device_model();
  static const std::map<cudaDeviceAttr, int> all = {
      {cudaDevAttrMaxThreadsPerBlock, kMaxThreadsPerBlock},
      {cudaDevAttrMaxBlockDimX, kMaxThreadsPerBlock},
      {cudaDevAttrMaxBlockDimY, kMaxThreadsPerBlock},
      {cudaDevAttrMaxBlockDimZ, kMaxBlockZ},
      {cudaDevAttrMaxGridDimX, kMaxGridX},
      {cudaDevAttrMaxGridDimY, kMaxGridYZ},
      {cudaDevAttrMaxGridDimZ, kMaxGridYZ},
      {cudaDevAttrMaxSharedMemoryPerBlock, int(kSharedWithoutOptin)},
      {cudaDevAttrMaxSharedMemoryPerBlockOptin, int(model.shared_optin())},
      {cudaDevAttrMaxSharedMemoryPerMultiprocessor, int(model.shared_per_multiprocessor)},
      {cudaDevAttrReservedSharedMemoryPerBlock, 1024},
      {cudaDevAttrTotalConstantMemory, 65536},
      {cudaDevAttrWarpSize, 32},
      {cudaDevAttrMaxPitch, 0x7fffffff},
      {cudaDevAttrMaxRegistersPerBlock, 65536},
      {cudaDevAttrMaxRegistersPerMultiprocessor, 65536},
      {cudaDevAttrClockRate, int(model.clock_hertz / 1000)},
      {cudaDevAttrMultiProcessorCount, model.multiprocessors},
      {cudaDevAttrMaxThreadsPerMultiProcessor, kMaxThreadsPerMultiprocessor},
      {cudaDevAttrMaxBlocksPerMultiprocessor, kMaxBlocksPerMultiprocessor},
      {cudaDevAttrKernelExecTimeout, 0},
      {cudaDevAttrIntegrated, 0},
      {cudaDevAttrCanMapHostMemory, 1},
      {cudaDevAttrComputeMode, int(cudaComputeModeDefault)},
      {cudaDevAttrConcurrentKernels, 1},
      {cudaDevAttrGpuOverlap, 1},
      {cudaDevAttrAsyncEngineCount, 3},
      {cudaDevAttrUnifiedAddressing, 1},
      {cudaDevAttrComputeCapabilityMajor, model.major},
      {cudaDevAttrComputeCapabilityMinor, model.minor},
      {cudaDevAttrL2CacheSize, model.l2_bytes},
      {cudaDevAttrGlobalMemoryBusWidth, model.memory_bus_bits},
      {cudaDevAttrEccEnabled, 1},
      {cudaDevAttrPciBusId, 1},
      {cudaDevAttrPciDeviceId, 0},
      {cudaDevAttrPciDomainId, 0},
      {cudaDevAttrTccDriver, 0},
      {cudaDevAttrStreamPrioritiesSupported, 1},
      {cudaDevAttrManagedMemory, 0},
      {cudaDevAttrConcurrentManagedAccess, 0},
      {cudaDevAttrPageableMemoryAccess, 0},
      {cudaDevAttrHostRegisterSupported, 1},
      {cudaDevAttrCanUseHostPointerForRegisteredMem, 1},
      {cudaDevAttrComputePreemptionSupported, 1},
      {cudaDevAttrCooperativeLaunch, 1},
      {cudaDevAttrMemoryPoolsSupported, 1},
      {cudaDevAttrClusterLaunch, 0},
      {cudaDevAttrMaxPersistingL2CacheSize, 0},
      {cudaDevAttrMaxAccessPolicyWindowSize, 0},
      {cudaDevAttrSingleToDoublePrecisionPerfRatio, 2},
  };
  return all;
}

cudaError_t check_device(int device) {
  return device == 0 ? cudaSuccess : cudaErrorInvalidDevice;
}

void describe(cudaDeviceProp& properties) {
  const DeviceModel& model = device_model();
  properties = cudaDeviceProp{};
  std::snprintf(properties.name, sizeof properties.name, "%s", model.name);
  properties.totalGlobalMem = model.memory;
  properties.sharedMemPerBlock = kSharedWithoutOptin;
  properties.sharedMemPerBlockOptin = model.shared_optin();
  properties.sharedMemPerMultiprocessor = model.shared_per_multiprocessor;
  properties.reservedSharedMemPerBlock = 1024;
  properties.regsPerBlock = properties.regsPerMultiprocessor = 65536;
  properties.warpSize = 32;
  properties.memPitch = 0x7fffffff;
  properties.maxThreadsPerBlock = kMaxThreadsPerBlock;
  properties.maxThreadsDim[0] = properties.maxThreadsDim[1] = kMaxThreadsPerBlock;
  properties.maxThreadsDim[2] = kMaxBlockZ;
  properties.maxGridSize[0] = kMaxGridX;
  properties.maxGridSize[1] = properties.maxGridSize[2] = kMaxGridYZ;
  properties.totalConstMem = 65536;
  properties.major = model.major;
  properties.minor = model.minor;
  properties.multiProcessorCount = model.multiprocessors;
  properties.canMapHostMemory = properties.concurrentKernels = properties.unifiedAddressing = 1;
  properties.ECCEnabled = 1;
  properties.pciBusID = 1;
  properties.asyncEngineCount = 3;
  properties.memoryBusWidth = model.memory_bus_bits;
  properties.l2CacheSize = model.l2_bytes;
  properties.maxThreadsPerMultiProcessor = kMaxThreadsPerMultiprocessor;
  properties.maxBlocksPerMultiProcessor = kMaxBlocksPerMultiprocessor;
  properties.streamPrioritiesSupported = properties.globalL1CacheSupported = properties.localL1CacheSupported = 1;
  properties.computePreemptionSupported = properties.canUseHostPointerForRegisteredMem = 1;
  properties.cooperativeLaunch = properties.hostRegisterSupported = properties.memoryPoolsSupported = 1;
}

}  // namespace
}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaGetDeviceCount(int* count) {
  *count = 1;
  return cudaSuccess;
}

cudaError_t cudaGetDevice(int* device) {
  *device = 0;
  return cudaSuccess;
}

cudaError_t cudaSetDevice(int device) {
  return api_call([&] { return check_device(device); });
}

cudaError_t cudaInitDevice(int device, unsigned, unsigned) {
  return api_call([&] { return check_device(device); });
}

cudaError_t cudaSetDeviceFlags(unsigned) {
  return api_call([] { return cudaSuccess; });
}

cudaError_t cudaDeviceSynchronize() {
  return api_call([] {
    if (any_capture()) return cudaErrorStreamCaptureUnsupported;
    finish_all();
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceGetAttribute(int* value, cudaDeviceAttr attribute, int device) {
  return api_call([&] {
    if (!value) return cudaErrorInvalidValue;
    const auto found = attributes().find(attribute);
    if (found == attributes().end()) stop_unsupported("device attribute " + std::to_string(int(attribute)));
    *value = found->second;
    return check_device(device);
  });
}

cudaError_t cudaGetDeviceProperties(cudaDeviceProp* properties, int device) {
  return api_call([&] {
    if (!properties) return cudaErrorInvalidValue;
    if (device != 0) return cudaErrorInvalidDevice;
    describe(*properties);
    return cudaSuccess;
  });
}

cudaError_t cudaDeviceGetPCIBusId(char* text, int length, int device) {
  return api_call([&] {
    if (!text || length < 13) return cudaErrorInvalidValue;
    std::snprintf(text, size_t(length), "0000:01:00.0");
    return check_device(device);
  });
}

cudaError_t cudaDeviceGetStreamPriorityRange(int* least, int* greatest) {
  return api_call([&] {
    if (least) *least = 0;
    if (greatest) *greatest = -5;
    return cudaSuccess;
  });
}

cudaError_t cudaDriverGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaRuntimeGetVersion(int* version) {
  *version = CUDART_VERSION;
  return cudaSuccess;
}

cudaError_t cudaMemGetInfo(size_t* free_bytes, size_t* total_bytes) {
  return api_call([&] {
    *total_bytes = heap().capacity();
    *free_bytes = heap().capacity() - heap().used();
    return cudaSuccess;
  });
}

cudaError_t cudaProfilerStart() {
  return cudaSuccess;
}
cudaError_t cudaProfilerStop() {
  return cudaSuccess;
}

}  // extern "C"
