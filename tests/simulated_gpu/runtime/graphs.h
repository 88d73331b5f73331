#pragma once

#include <memory>
#include <vector>

#include <driver_types.h>

#include "runtime/operations.h"

struct CUstream_st;
struct CUevent_st;

namespace simulated_gpu {

struct Node {
  Work work;
  std::vector<std::shared_ptr<Node>> after;
};
using NodePtr = std::shared_ptr<Node>;

// A graph as a stream capture builds it: nodes in the order of capture, which is a topological order.
struct Capture {
  CUstream_st* origin = nullptr;  // where the capture began and must end
  std::vector<NodePtr> nodes;

  NodePtr add(Work work, std::vector<NodePtr> after) {
    nodes.push_back(std::make_shared<Node>(Node{std::move(work), std::move(after)}));
    return nodes.back();
  }
};

// A stream waits for an event that was recorded in a capture: it takes part from now on.
cudaError_t join_capture(CUstream_st& stream, const CUevent_st& event);

size_t live_graphs();

}  // namespace simulated_gpu
