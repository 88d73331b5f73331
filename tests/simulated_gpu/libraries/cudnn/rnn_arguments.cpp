#include <algorithm>
#include <string>

#include "libraries/cudnn/numbers.h"
#include "libraries/cudnn/rnn_call.h"
#include "libraries/cudnn/weight_space.h"
#include "libraries/cudnn/work.h"

namespace simulated_gpu::cudnn {
namespace {

constexpr int kPersistentMultiple = 32, kPersistentMost = 896;

cudnnStatus_t check_descriptors(const RnnArguments& a) {
  if (!is_live(a.handle)) return bad("no handle");
  if (!is_ready(a.rnn)) return bad("the RNN descriptor is not set");
  if (!is_ready(a.x) || !is_ready(a.y)) return bad("an RNN data descriptor is not set");
  if (!is_ready(a.h) || !is_ready(a.c)) return bad("a tensor descriptor is not set");
  if (a.rnn->dropout && !is_ready(a.rnn->dropout)) return bad("the dropout descriptor is destroyed or not set");
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_data(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x, const cudnnRNNDataStruct& y) {
  if (x.type != rnn.type || y.type != rnn.type) return bad("x or y is not of the RNN's data type");
  if (x.width != rnn.input) return bad("vectors of x are not of the input size");
  if (y.width != rnn.hidden) return bad("vectors of y are not of the hidden size");
  if (x.layout != y.layout) return bad("x and y are not in the same layout");
  if (x.steps != y.steps || x.batch != y.batch || x.lengths != y.lengths) return bad("x and y have other sequences");
  if (x.layout != CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED && !rnn.padded) {
    return bad("an unpacked layout without CUDNN_RNN_PADDED_IO_ENABLED");
  }
  // The descriptor may hold such a sequence; what is computed of it is not documented.
  if (std::count(x.lengths.begin(), x.lengths.end(), 0) > 0) return not_supported("a sequence without steps");
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t check_states(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x, const cudnnTensorStruct& states) {
  const bool sized = states.dimensions == 3 && states.size[0] == rnn.layers && states.size[1] == x.batch &&
                     states.size[2] == rnn.hidden;
  const bool packed =
      states.stride[2] == 1 && states.stride[1] == rnn.hidden && states.stride[0] == int64_t{x.batch} * rnn.hidden;
  if (!sized || !packed) return bad("states are not layers x batch x hidden size, fully packed");
  return states.type == rnn.type ? CUDNN_STATUS_SUCCESS : bad("states are not of the RNN's data type");
}

// Which sizes persistent kernels take depends on the GPU and is not documented: the limit is one that is met often.
cudnnStatus_t check_algorithm(const cudnnRNNStruct& rnn, const cudnnRNNDataStruct& x) {
  if (rnn.algorithm == CUDNN_RNN_ALGO_STANDARD) return CUDNN_STATUS_SUCCESS;
  const bool equal = std::count(x.lengths.begin(), x.lengths.end(), x.steps) == x.batch;
  if (!equal) return not_supported("persistent kernels take sequences of the same length only");
  const bool fits = rnn.hidden % kPersistentMultiple == 0 && rnn.hidden <= kPersistentMost;
  return fits ? CUDNN_STATUS_SUCCESS : not_supported("persistent kernels do not take this hidden size");
}

cudnnStatus_t check_spaces(const RnnArguments& a, cudnnForwardMode_t mode) {
  const size_t type_bytes = bytes_of(a.rnn->type);
  if (a.weight_bytes < WeightSpace(*a.rnn).bytes()) return bad("the weight space is too small");
  if (a.workspace_bytes < workspace_bytes(*a.rnn, *a.x, mode)) return bad("the workspace is too small");
  const bool trains = mode == CUDNN_FWD_MODE_TRAINING;
  if (trains && a.reserve_bytes < reserve_bytes(*a.rnn, *a.x)) return bad("the reserve space is too small");
  const cudnnStatus_t status =
      check_memory(a.function, type_bytes,
                   {{"weight space", a.weights, a.weight_bytes},
                    {"devSeqLengths", a.device_lengths, size_t(a.x->batch) * sizeof(int32_t), true}});
  if (status != CUDNN_STATUS_SUCCESS) return status;
  return check_memory(a.function, 16,
                      {{"workspace", a.workspace, a.workspace_bytes},
                       {"reserve space", a.reserve, trains ? a.reserve_bytes : 0, !trains}});
}

}  // namespace

cudnnStatus_t check_arguments(const RnnArguments& a, cudnnForwardMode_t mode) {
  if (const cudnnStatus_t status = check_descriptors(a); status != CUDNN_STATUS_SUCCESS) return status;
  if (const cudnnStatus_t status = check_data(*a.rnn, *a.x, *a.y); status != CUDNN_STATUS_SUCCESS) return status;
  for (const cudnnTensorDescriptor_t states : {a.h, a.c}) {
    if (const cudnnStatus_t status = check_states(*a.rnn, *a.x, *states); status != CUDNN_STATUS_SUCCESS) return status;
  }
  if (const cudnnStatus_t status = check_algorithm(*a.rnn, *a.x); status != CUDNN_STATUS_SUCCESS) return status;
  return check_spaces(a, mode);
}

}  // namespace simulated_gpu::cudnn

using namespace simulated_gpu::cudnn;

extern "C" {

cudnnStatus_t cudnnGetRNNTempSpaceSizes(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn, cudnnForwardMode_t mode,
                                        cudnnRNNDataDescriptor_t x, size_t* workspace, size_t* reserve) {
  if (!is_live(handle) || !is_ready(rnn) || !is_ready(x)) return bad("no handle, RNN or data descriptor");
  if (mode != CUDNN_FWD_MODE_INFERENCE && mode != CUDNN_FWD_MODE_TRAINING) return bad("no such mode");
  if (x->type != rnn->type || x->width != rnn->input) return bad("x is not what the RNN takes");
  if (workspace) *workspace = workspace_bytes(*rnn, *x, mode);
  if (reserve) *reserve = mode == CUDNN_FWD_MODE_TRAINING ? reserve_bytes(*rnn, *x) : 0;
  return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
