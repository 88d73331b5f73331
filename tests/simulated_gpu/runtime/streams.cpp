#include "runtime/streams.h"

#include <algorithm>
#include <set>

#include "runtime/errors.h"

namespace simulated_gpu {
namespace {

struct Streams {
  CUstream_st standard;  // the legacy default stream
  std::set<CUstream_st*> made;
  std::vector<OperationPtr> orphans;  // last operations of destroyed streams that order with the default stream
  unsigned long long ids = 0;
};
Streams& streams() {
  static auto* all = new Streams;
  return *all;
}

// The default stream comes after everything issued to streams that order with it.
std::vector<OperationPtr> before_default() {
  std::vector<OperationPtr> before = std::move(streams().orphans);
  streams().orphans.clear();
  for (CUstream_st* stream : streams().made) {
    if (stream->blocking && !stream->capture) before.push_back(tail(*stream));
  }
  return before;
}

cudaError_t create(cudaStream_t* handle, unsigned flags, int priority) {
  if (!handle || (flags & ~unsigned(cudaStreamNonBlocking))) return cudaErrorInvalidValue;
  auto* stream = new CUstream_st;
  stream->blocking = !(flags & cudaStreamNonBlocking);
  stream->priority = std::clamp(priority, -5, 0);
  stream->id = ++streams().ids;
  streams().made.insert(stream);
  *handle = stream;
  return cudaSuccess;
}

}  // namespace

CUstream_st* stream_of(cudaStream_t handle) {
  if (!handle || handle == cudaStreamLegacy) return &streams().standard;
  if (handle == cudaStreamPerThread) stop_unsupported("the per-thread default stream");
  return streams().made.count(handle) ? handle : nullptr;
}

OperationPtr tail(CUstream_st& stream) {
  if (stream.waits.empty()) return stream.last;
  std::vector<OperationPtr> after = std::move(stream.waits);
  stream.waits.clear();
  after.push_back(stream.last);
  stream.last = issue({Work::Kind::kEmpty, "wait for an event", nullptr, nullptr}, std::move(after));
  return stream.last;
}

cudaError_t enqueue(cudaStream_t handle, Work work) {
  CUstream_st* stream = stream_of(handle);
  if (!stream) return cudaErrorInvalidResourceHandle;
  if (stream->capture) {
    stream->captured = {stream->capture->add(std::move(work), stream->captured)};
    return cudaSuccess;
  }
  std::vector<OperationPtr> after = std::move(stream->waits);
  stream->waits.clear();
  after.push_back(stream->last);
  if (stream == &streams().standard) {
    if (any_capture()) return cudaErrorStreamCaptureImplicit;
    for (OperationPtr& before : before_default()) after.push_back(std::move(before));
  } else if (stream->blocking) {
    after.push_back(streams().standard.last);
  }
  stream->last = issue(std::move(work), std::move(after));
  return cudaSuccess;
}

cudaError_t enqueue_and_wait(cudaStream_t handle, Work work) {
  if (any_capture()) return cudaErrorStreamCaptureUnsupported;
  const cudaError_t error = enqueue(handle, std::move(work));
  if (error == cudaSuccess) finish(stream_of(handle)->last);
  return error;
}

bool any_capture() {
  return std::any_of(streams().made.begin(), streams().made.end(), [](auto* stream) { return bool(stream->capture); });
}

void leave_capture(const Capture& capture) {
  for (CUstream_st* stream : streams().made) {
    if (stream->capture.get() != &capture) continue;
    stream->capture = nullptr;
    stream->captured.clear();
  }
}

size_t live_streams() {
  return streams().made.size();
}

}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaStreamCreate(cudaStream_t* handle) {
  return api_call([&] { return create(handle, 0, 0); });
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t* handle, unsigned flags) {
  return api_call([&] { return create(handle, flags, 0); });
}

cudaError_t cudaStreamCreateWithPriority(cudaStream_t* handle, unsigned flags, int priority) {
  return api_call([&] { return create(handle, flags, priority); });
}

// Does not wait: what was issued still runs.
cudaError_t cudaStreamDestroy(cudaStream_t handle) {
  return api_call([&] {
    CUstream_st* stream = stream_of(handle);
    if (!stream || stream == &streams().standard) return cudaErrorInvalidResourceHandle;
    if (stream->capture) return cudaErrorStreamCaptureUnsupported;
    if (stream->blocking && tail(*stream)) streams().orphans.push_back(stream->last);
    streams().made.erase(stream);
    delete stream;
    return cudaSuccess;
  });
}

cudaError_t cudaStreamSynchronize(cudaStream_t handle) {
  return api_call([&] {
    CUstream_st* stream = stream_of(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    if (stream->capture || (stream == &streams().standard && any_capture())) return cudaErrorStreamCaptureUnsupported;
    if (stream == &streams().standard) return enqueue_and_wait(handle, {});
    finish(tail(*stream));
    return cudaSuccess;
  });
}

cudaError_t cudaStreamQuery(cudaStream_t handle) {
  return api_call([&] {
    CUstream_st* stream = stream_of(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    if (stream->capture) return cudaErrorStreamCaptureUnsupported;
    const OperationPtr last = tail(*stream);
    return query(last);
  });
}

cudaError_t cudaStreamWaitEvent(cudaStream_t handle, cudaEvent_t event_handle, unsigned flags) {
  return api_call([&] {
    CUstream_st* stream = stream_of(handle);
    const CUevent_st* event = event_of(event_handle);
    if (!stream || !event) return cudaErrorInvalidResourceHandle;
    if (flags != cudaEventWaitDefault) stop_unsupported("cudaStreamWaitEvent with flags");
    if (event->capture) return join_capture(*stream, *event);
    if (stream->capture) return cudaErrorStreamCaptureIsolation;
    if (event->recorded) stream->waits.push_back(event->recorded);
    return cudaSuccess;
  });
}

cudaError_t cudaLaunchHostFunc(cudaStream_t handle, cudaHostFn_t function, void* argument) {
  return api_call([&] {
    if (!function) return cudaErrorInvalidValue;
    return enqueue(handle, {Work::Kind::kHost, "cudaLaunchHostFunc", [=] { function(argument); }, nullptr});
  });
}

cudaError_t cudaStreamGetFlags(cudaStream_t handle, unsigned* flags) {
  return api_call([&] {
    const CUstream_st* stream = stream_of(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    *flags = stream->blocking ? cudaStreamDefault : cudaStreamNonBlocking;
    return cudaSuccess;
  });
}

cudaError_t cudaStreamGetPriority(cudaStream_t handle, int* priority) {
  return api_call([&] {
    const CUstream_st* stream = stream_of(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    *priority = stream->priority;
    return cudaSuccess;
  });
}

cudaError_t cudaStreamGetId(cudaStream_t handle, unsigned long long* id) {
  return api_call([&] {
    const CUstream_st* stream = stream_of(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    *id = stream->id;
    return cudaSuccess;
  });
}

cudaError_t cudaStreamGetDevice(cudaStream_t handle, int* device) {
  return api_call([&] {
    if (!stream_of(handle)) return cudaErrorInvalidResourceHandle;
    *device = 0;
    return cudaSuccess;
  });
}

}  // extern "C"
