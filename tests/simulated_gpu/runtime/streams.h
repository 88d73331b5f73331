#pragma once

#include <memory>
#include <vector>

#include <cuda_runtime_api.h>

#include "runtime/graphs.h"
#include "runtime/operations.h"

// What the opaque handles of the runtime API point to.
struct CUstream_st {
  simulated_gpu::OperationPtr last;                // of the work issued to it
  std::vector<simulated_gpu::OperationPtr> waits;  // for events, taken over by the next operation
  bool blocking = true;                            // orders with the default stream
  int priority = 0;
  unsigned long long id = 0;
  std::shared_ptr<simulated_gpu::Capture> capture;  // null: not capturing
  std::vector<simulated_gpu::NodePtr> captured;     // what the next captured node comes after
};

struct CUevent_st {
  simulated_gpu::OperationPtr recorded;  // null: never
  bool timing = true;
  std::shared_ptr<simulated_gpu::Capture> capture;  // of the last record, if that was captured
  std::vector<simulated_gpu::NodePtr> captured;
};

namespace simulated_gpu {

// Null for a handle that was not made by this runtime or is destroyed.
CUstream_st* stream_of(cudaStream_t handle);
CUevent_st* event_of(cudaEvent_t handle);

// Issues work to the stream, or adds it to the graph that the stream captures. cudaErrorInvalidResourceHandle for a
// bad handle.
cudaError_t enqueue(cudaStream_t handle, Work work);
// The same, and waits for it, as calls that synchronise do. An error while any stream captures.
cudaError_t enqueue_and_wait(cudaStream_t handle, Work work);

// What has been issued to the stream must be done first.
OperationPtr tail(CUstream_st& stream);
bool any_capture();
// Every stream that takes part in the capture is an ordinary one again.
void leave_capture(const Capture& capture);

size_t live_streams();
size_t live_events();

}  // namespace simulated_gpu
