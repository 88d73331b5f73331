#include <limits>
#include <memory>

#include "libraries/cudnn/rnn_call.h"
#include "libraries/cudnn/work.h"

namespace simulated_gpu::cudnn {
namespace {

struct BackwardData {
  RnnCall call;
  const void *y, *dy;
  void* dx;
  const void *hx, *dhy;
  void* dhx;
  const void *cx, *dcy;
  void* dcx;
};

void check_forward(const BackwardData& b, const States& cx) {
  Fingerprint print = b.call.fingerprint();
  print.y = hash_values(read_rows(b.call.y, b.call.sequences, b.y, "y"));
  print.hx = hash_values(b.call.read_states(b.hx, "hx"));
  print.cx = hash_values(cx);
  b.call.reserve().check(Stage::kForward, print, "cudnnRNNBackwardData_v8");
}

void run(const BackwardData& b) {
  const RnnCall& call = b.call;
  call.begin();
  const States cx = call.read_states(b.cx, "cx");
  check_forward(b, cx);
  std::vector<float> doutputs = read_rows(call.y, call.sequences, b.dy, "dy"), dinputs;
  States dh = call.read_states(b.dhy, "dhy"), dc = call.read_states(b.dcy, "dcy");
  ReserveSpace reserve = call.reserve();
  for (int layer = call.rnn.layers - 1; layer >= 0; --layer) {
    const LayerShape shape = call.shape(layer);
    dinputs.assign(size_t(call.sequences.rows() * shape.inputs), 0.0f);
    const LayerStates first =
        layer_backward_data(shape, call.sequences, call.weights(layer), doutputs.data(),
                            {call.of_layer(dh, layer), call.of_layer(dc, layer)}, call.of_layer(cx, layer),
                            {reserve.gates(layer), reserve.cells(layer), reserve.outputs(layer)}, dinputs.data());
    call.put_layer(first.h, layer, dh);
    call.put_layer(first.c, layer, dc);
    if (layer > 0) apply_mask(call, reserve.mask(layer - 1), dinputs);
    doutputs = dinputs;
  }
  // Nothing says what stands in the padding of dx.
  write_rows(call.x, call.sequences, dinputs, std::numeric_limits<float>::quiet_NaN(), b.dx, "dx");
  call.write_states(dh, b.dhx, "dhx");
  call.write_states(dc, b.dcx, "dcx");
  reserve.leave(Stage::kBackwardData);
}

}  // namespace
}  // namespace simulated_gpu::cudnn

using namespace simulated_gpu::cudnn;

extern "C" {

cudnnStatus_t cudnnRNNBackwardData_v8(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn, const int32_t device_lengths[],
                                      cudnnRNNDataDescriptor_t y_descriptor, const void* y, const void* dy,
                                      cudnnRNNDataDescriptor_t x_descriptor, void* dx, cudnnTensorDescriptor_t h,
                                      const void* hx, const void* dhy, void* dhx, cudnnTensorDescriptor_t c,
                                      const void* cx, const void* dcy, void* dcx, size_t weight_bytes,
                                      const void* weights, size_t workspace_bytes, void* workspace,
                                      size_t reserve_bytes, void* reserve) {
  constexpr const char* kName = "cudnnRNNBackwardData_v8";
  const RnnArguments arguments{kName, handle,       rnn,     device_lengths,  x_descriptor, y_descriptor,  h,
                               c,     weight_bytes, weights, workspace_bytes, workspace,    reserve_bytes, reserve};
  const cudnnStatus_t status = check_arguments(arguments, CUDNN_FWD_MODE_TRAINING);
  if (status != CUDNN_STATUS_SUCCESS) return status;
  const size_t states = state_bytes(*rnn, *x_descriptor), y_bytes = data_bytes(*y_descriptor);
  const cudnnStatus_t memory = check_memory(kName, bytes_of(rnn->type),
                                            {{"y", y, y_bytes},
                                             {"dy", dy, y_bytes},
                                             {"dx", dx, data_bytes(*x_descriptor)},
                                             {"hx", hx, states, true},
                                             {"dhy", dhy, states, true},
                                             {"dhx", dhx, states, true},
                                             {"cx", cx, states, true},
                                             {"dcy", dcy, states, true},
                                             {"dcx", dcx, states, true}});
  if (memory != CUDNN_STATUS_SUCCESS) return memory;
  const auto work =
      std::make_shared<const BackwardData>(BackwardData{RnnCall(arguments), y, dy, dx, hx, dhy, dhx, cx, dcy, dcx});
  return enqueue(handle, kName, [work] { run(*work); });
}

}  // extern "C"
