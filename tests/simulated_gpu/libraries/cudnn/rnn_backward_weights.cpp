#include <memory>

#include "libraries/cudnn/rnn_call.h"
#include "libraries/cudnn/work.h"

namespace simulated_gpu::cudnn {
namespace {

constexpr const char* kName = "cudnnRNNBackwardWeights_v8";

struct BackwardWeights {
  RnnCall call;
  const void *x, *hx, *y;
  void* gradients;
};

void check_forward(const BackwardWeights& b, const std::vector<float>& x, const States& hx) {
  Fingerprint print;
  print.x = hash_values(x);
  print.hx = hash_values(hx);
  print.y = hash_values(read_rows(b.call.y, b.call.sequences, b.y, "y"));
  b.call.reserve().check(Stage::kBackwardData, print, kName);
}

void run(const BackwardWeights& b) {
  const RnnCall& call = b.call;
  call.begin();
  std::vector<float> inputs = read_rows(call.x, call.sequences, b.x, "x");
  const States hx = call.read_states(b.hx, "hx");
  check_forward(b, inputs, hx);
  ReserveSpace reserve = call.reserve();
  for (int layer = 0; layer < call.rnn.layers; ++layer) {
    LayerWeights gradients = call.weights(layer);
    layer_backward_weights(call.shape(layer), call.sequences, inputs.data(), call.of_layer(hx, layer),
                           {reserve.gates(layer), reserve.cells(layer), reserve.outputs(layer)}, gradients);
    write_layer(call.rnn, layer, gradients, b.gradients, "weight gradients");
    inputs.assign(reserve.outputs(layer), reserve.outputs(layer) + call.values());
    if (layer + 1 < call.rnn.layers) apply_mask(call, reserve.mask(layer), inputs);
  }
  reserve.leave(Stage::kBackwardWeights);
}

}  // namespace
}  // namespace simulated_gpu::cudnn

using namespace simulated_gpu::cudnn;

extern "C" {

cudnnStatus_t cudnnRNNBackwardWeights_v8(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn, cudnnWgradMode_t mode,
                                         const int32_t device_lengths[], cudnnRNNDataDescriptor_t x_descriptor,
                                         const void* x, cudnnTensorDescriptor_t h, const void* hx,
                                         cudnnRNNDataDescriptor_t y_descriptor, const void* y, size_t weight_bytes,
                                         void* gradients, size_t workspace_bytes, void* workspace, size_t reserve_bytes,
                                         void* reserve) {
  if (mode != CUDNN_WGRAD_MODE_ADD && mode != CUDNN_WGRAD_MODE_SET) return bad("no such mode");
  const RnnArguments arguments{kName, handle,       rnn,       device_lengths,  x_descriptor, y_descriptor,  h,
                               h,     weight_bytes, gradients, workspace_bytes, workspace,    reserve_bytes, reserve};
  const cudnnStatus_t status = check_arguments(arguments, CUDNN_FWD_MODE_TRAINING);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  if (mode == CUDNN_WGRAD_MODE_SET) return not_supported("gradients are added: clear them first");
  const cudnnStatus_t memory = check_memory(kName, bytes_of(rnn->type),
                                            {{"x", x, data_bytes(*x_descriptor)},
                                             {"y", y, data_bytes(*y_descriptor)},
                                             {"hx", hx, state_bytes(*rnn, *x_descriptor), true}});
  if (memory != CUDNN_STATUS_SUCCESS) return memory;
  const auto work = std::make_shared<const BackwardWeights>(BackwardWeights{RnnCall(arguments), x, hx, y, gradients});
  return enqueue(handle, kName, [work] { run(*work); });
}

}  // extern "C"
