#include <set>

#include "runtime/errors.h"
#include "runtime/streams.h"

namespace simulated_gpu {
namespace {

std::set<CUevent_st*>& events() {
  static auto* all = new std::set<CUevent_st*>;
  return *all;
}

cudaError_t create(cudaEvent_t* handle, unsigned flags) {
  if (!handle) return cudaErrorInvalidValue;
  if (flags & cudaEventInterprocess) stop_unsupported("cudaEventInterprocess");
  auto* event = new CUevent_st;
  event->timing = !(flags & cudaEventDisableTiming);
  events().insert(event);
  *handle = event;
  return cudaSuccess;
}

cudaError_t record(cudaEvent_t handle, cudaStream_t stream_handle, unsigned flags) {
  CUevent_st* event = event_of(handle);
  CUstream_st* stream = stream_of(stream_handle);
  if (!event || !stream) return cudaErrorInvalidResourceHandle;
  if (flags != cudaEventRecordDefault) stop_unsupported("cudaEventRecordWithFlags with flags");
  event->capture = stream->capture;
  event->captured = stream->captured;
  if (stream->capture) return cudaSuccess;
  event->captured.clear();
  const cudaError_t error = enqueue(stream_handle, {Work::Kind::kEmpty, "cudaEventRecord", nullptr, nullptr});
  if (error == cudaSuccess) event->recorded = stream->last;
  return error;
}

}  // namespace

CUevent_st* event_of(cudaEvent_t handle) {
  return events().count(handle) ? handle : nullptr;
}

size_t live_events() {
  return events().size();
}

}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaEventCreate(cudaEvent_t* handle) {
  return api_call([&] { return create(handle, 0); });
}

cudaError_t cudaEventCreateWithFlags(cudaEvent_t* handle, unsigned flags) {
  return api_call([&] { return create(handle, flags); });
}

cudaError_t cudaEventDestroy(cudaEvent_t handle) {
  return api_call([&] {
    if (events().erase(handle) == 0) return cudaErrorInvalidResourceHandle;
    delete handle;
    return cudaSuccess;
  });
}

cudaError_t cudaEventRecord(cudaEvent_t handle, cudaStream_t stream) {
  return api_call([&] { return record(handle, stream, 0); });
}

cudaError_t cudaEventRecordWithFlags(cudaEvent_t handle, cudaStream_t stream, unsigned flags) {
  return api_call([&] { return record(handle, stream, flags); });
}

cudaError_t cudaEventSynchronize(cudaEvent_t handle) {
  return api_call([&] {
    const CUevent_st* event = event_of(handle);
    if (!event) return cudaErrorInvalidResourceHandle;
    if (event->capture) return cudaErrorCapturedEvent;
    finish(event->recorded);
    return cudaSuccess;
  });
}

cudaError_t cudaEventQuery(cudaEvent_t handle) {
  return api_call([&] {
    const CUevent_st* event = event_of(handle);
    if (!event) return cudaErrorInvalidResourceHandle;
    if (event->capture) return cudaErrorCapturedEvent;
    return query(event->recorded);
  });
}

// The time of the simulation, which says nothing of a GPU's.
cudaError_t cudaEventElapsedTime(float* milliseconds, cudaEvent_t start_handle, cudaEvent_t end_handle) {
  return api_call([&] {
    const CUevent_st *start = event_of(start_handle), *end = event_of(end_handle);
    if (!start || !end || !start->timing || !end->timing) return cudaErrorInvalidResourceHandle;
    if (!start->recorded || !end->recorded) return cudaErrorInvalidResourceHandle;
    if (!start->recorded->done || !end->recorded->done) return cudaErrorNotReady;
    *milliseconds = float(1e3 * (end->recorded->finished_at - start->recorded->finished_at));
    return cudaSuccess;
  });
}

}  // extern "C"
