// Graphs: by stream capture only. A launched graph is issued node by node, so that unordered nodes run in any order.
#include "runtime/graphs.h"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/errors.h"
#include "runtime/streams.h"

struct CUgraph_st {
  std::vector<simulated_gpu::NodePtr> nodes;
};
struct CUgraphExec_st {
  std::vector<simulated_gpu::NodePtr> nodes;
  simulated_gpu::OperationPtr last;  // of its last launch: launches of one executable graph do not overlap
};

namespace simulated_gpu {
namespace {

std::set<CUgraph_st*>& graphs() {
  static auto* all = new std::set<CUgraph_st*>;
  return *all;
}
std::set<CUgraphExec_st*>& executables() {
  static auto* all = new std::set<CUgraphExec_st*>;
  return *all;
}

size_t position(const std::vector<NodePtr>& nodes, const NodePtr& node) {
  return size_t(std::find(nodes.begin(), nodes.end(), node) - nodes.begin());
}

// Whether `b` may take the place of `a`: the same nodes in the same order, with other parameters.
bool same_topology(const std::vector<NodePtr>& a, const std::vector<NodePtr>& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i]->work.kind != b[i]->work.kind || a[i]->work.function != b[i]->work.function) return false;
    if (a[i]->after.size() != b[i]->after.size()) return false;
    for (size_t k = 0; k < a[i]->after.size(); ++k) {
      if (position(a, a[i]->after[k]) != position(b, b[i]->after[k])) return false;
    }
  }
  return true;
}

// Every node that others do not come after must have joined the origin again.
bool is_joined(const Capture& capture, const std::vector<NodePtr>& end) {
  std::set<const Node*> reached;
  std::vector<const Node*> open;
  for (const NodePtr& node : end) open.push_back(node.get());
  while (!open.empty()) {
    const Node* node = open.back();
    open.pop_back();
    if (!reached.insert(node).second) continue;
    for (const NodePtr& before : node->after) open.push_back(before.get());
  }
  return reached.size() == capture.nodes.size();
}

void launch(CUgraphExec_st& executable, CUstream_st& stream) {
  const std::vector<OperationPtr> before = {tail(stream), executable.last};
  std::map<const Node*, OperationPtr> issued;
  std::vector<OperationPtr> all = before;
  for (const NodePtr& node : executable.nodes) {
    std::vector<OperationPtr> after = before;
    for (const NodePtr& earlier : node->after) after.push_back(issued.at(earlier.get()));
    all.push_back(issued[node.get()] = issue(node->work, std::move(after)));
  }
  stream.last = executable.last = issue({Work::Kind::kEmpty, "cudaGraphLaunch", nullptr, nullptr}, std::move(all));
}

cudaError_t instantiate(cudaGraphExec_t* handle, cudaGraph_t graph, unsigned long long flags) {
  if (!handle || !graphs().count(graph)) return cudaErrorInvalidValue;
  if (flags & ~static_cast<unsigned long long>(cudaGraphInstantiateFlagUseNodePriority)) {
    stop_unsupported("cudaGraphInstantiate with flags");
  }
  *handle = new CUgraphExec_st{graph->nodes, nullptr};
  executables().insert(*handle);
  return cudaSuccess;
}

}  // namespace

cudaError_t join_capture(CUstream_st& stream, const CUevent_st& event) {
  if (stream.capture && stream.capture != event.capture) return cudaErrorStreamCaptureMerge;
  if (!stream.capture && stream_of(&stream) != &stream) return cudaErrorStreamCaptureImplicit;
  stream.capture = event.capture;
  for (const NodePtr& node : event.captured) {
    if (std::find(stream.captured.begin(), stream.captured.end(), node) == stream.captured.end()) {
      stream.captured.push_back(node);
    }
  }
  return cudaSuccess;
}

size_t live_graphs() {
  return graphs().size() + executables().size();
}

}  // namespace simulated_gpu

using namespace simulated_gpu;

extern "C" {

cudaError_t cudaStreamBeginCapture(cudaStream_t handle, cudaStreamCaptureMode) {
  return api_call([&] {
    CUstream_st* stream = stream_of(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    if (stream != handle) return cudaErrorStreamCaptureUnsupported;  // the default stream
    if (stream->capture) return cudaErrorIllegalState;
    stream->capture = std::make_shared<Capture>();
    stream->capture->origin = stream;
    stream->captured.clear();
    return cudaSuccess;
  });
}

cudaError_t cudaStreamEndCapture(cudaStream_t handle, cudaGraph_t* graph) {
  return api_call([&] {
    CUstream_st* stream = stream_of(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    if (!stream->capture) return cudaErrorIllegalState;
    if (stream->capture->origin != stream) return cudaErrorStreamCaptureUnmatched;
    const std::shared_ptr<Capture> capture = stream->capture;
    const bool joined = is_joined(*capture, stream->captured);
    leave_capture(*capture);
    *graph = nullptr;
    if (!joined) return cudaErrorStreamCaptureUnjoined;
    *graph = new CUgraph_st{capture->nodes};
    graphs().insert(*graph);
    return cudaSuccess;
  });
}

cudaError_t cudaStreamIsCapturing(cudaStream_t handle, cudaStreamCaptureStatus* status) {
  return api_call([&] {
    const CUstream_st* stream = stream_of(handle);
    if (!stream) return cudaErrorInvalidResourceHandle;
    *status = stream->capture ? cudaStreamCaptureStatusActive : cudaStreamCaptureStatusNone;
    return cudaSuccess;
  });
}

cudaError_t cudaThreadExchangeStreamCaptureMode(cudaStreamCaptureMode* mode) {
  static thread_local cudaStreamCaptureMode current = cudaStreamCaptureModeGlobal;
  std::swap(current, *mode);
  return cudaSuccess;
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t* handle, cudaGraph_t graph, unsigned long long flags) {
  return api_call([&] { return instantiate(handle, graph, flags); });
}

cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t* handle, cudaGraph_t graph, unsigned long long flags) {
  return api_call([&] { return instantiate(handle, graph, flags); });
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t handle) {
  return api_call([&] {
    CUstream_st* stream = stream_of(handle);
    if (!stream || !executables().count(executable)) return cudaErrorInvalidResourceHandle;
    if (stream->capture) stop_unsupported("cudaGraphLaunch while the stream captures");
    if (const cudaError_t error = enqueue(handle, {}); error != cudaSuccess) return error;  // orders with other streams
    launch(*executable, *stream);
    return cudaSuccess;
  });
}

cudaError_t cudaGraphUpload(cudaGraphExec_t executable, cudaStream_t handle) {
  return api_call([&] {
    return stream_of(handle) && executables().count(executable) ? cudaSuccess : cudaErrorInvalidResourceHandle;
  });
}

cudaError_t cudaGraphExecUpdate(cudaGraphExec_t executable, cudaGraph_t graph, cudaGraphExecUpdateResultInfo* result) {
  return api_call([&] {
    if (!executables().count(executable) || !graphs().count(graph)) return cudaErrorInvalidValue;
    const bool fits = same_topology(executable->nodes, graph->nodes);
    if (result) {
      *result = {};
      result->result = fits ? cudaGraphExecUpdateSuccess : cudaGraphExecUpdateErrorTopologyChanged;
    }
    if (!fits) return cudaErrorGraphExecUpdateFailure;
    executable->nodes = graph->nodes;
    return cudaSuccess;
  });
}

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t* nodes, size_t* count) {
  return api_call([&] {
    if (!graphs().count(graph) || !count) return cudaErrorInvalidValue;
    if (nodes) stop_unsupported("cudaGraphGetNodes for more than the number of nodes");
    *count = graph->nodes.size();
    return cudaSuccess;
  });
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph) {
  return api_call([&] {
    if (graphs().erase(graph) == 0) return cudaErrorInvalidValue;
    delete graph;
    return cudaSuccess;
  });
}

// What was launched still runs.
cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable) {
  return api_call([&] {
    if (executables().erase(executable) == 0) return cudaErrorInvalidValue;
    delete executable;
    return cudaSuccess;
  });
}

}  // extern "C"
