#include <algorithm>
#include <limits>
#include <memory>

#include "libraries/cudnn/dropout.h"
#include "libraries/cudnn/rnn_call.h"
#include "libraries/cudnn/work.h"

namespace simulated_gpu::cudnn {
namespace {

struct Forward {
  RnnCall call;
  bool trains;
  const void* x;
  void* y;
  const void *hx, *cx;
  void *hy, *cy;
};

// What one layer needs memory for where nothing is kept for backward.
struct Scratch {
  explicit Scratch(const RnnCall& call)
      : gates(size_t(call.values()) * kGates), cells(size_t(call.values())), outputs(size_t(call.values())) {}
  LayerTrace trace() { return {gates.data(), cells.data(), outputs.data()}; }
  std::vector<float> gates, cells, outputs;
};

// The inputs of the next layer.
std::vector<float> handed_up(const Forward& f, int layer, const LayerTrace& trace, uint64_t use) {
  const RnnCall& call = f.call;
  std::vector<float> values(trace.outputs, trace.outputs + call.values());
  if (!f.trains || !call.drops() || layer == call.rnn.layers - 1) return values;
  const std::vector<uint8_t> mask = draw_mask(call.dropout(), use, layer, call.values());
  std::copy(mask.begin(), mask.end(), call.reserve().mask(layer));
  apply_mask(call, mask.data(), values);
  return values;
}

void run(const Forward& f) {
  const RnnCall& call = f.call;
  call.begin();
  std::vector<float> values = read_rows(call.x, call.sequences, f.x, "x");
  const States hx = call.read_states(f.hx, "hx"), cx = call.read_states(f.cx, "cx");
  Fingerprint print;
  if (f.trains) {
    print = call.fingerprint();
    print.x = hash_values(values);
    print.hx = hash_values(hx);
    print.cx = hash_values(cx);
    call.reserve().begin();
  }
  const uint64_t use = f.trains && call.drops() ? take_use(call.dropout()) : 0;

  States hy = hx, cy = cx;
  Scratch scratch(call);
  for (int layer = 0; layer < call.rnn.layers; ++layer) {
    const ReserveSpace kept = call.reserve();
    const LayerTrace trace =
        f.trains ? LayerTrace{kept.gates(layer), kept.cells(layer), kept.outputs(layer)} : scratch.trace();
    const LayerStates last = layer_forward(call.shape(layer), call.sequences, call.weights(layer), values.data(),
                                           {call.of_layer(hx, layer), call.of_layer(cx, layer)}, trace);
    call.put_layer(last.h, layer, hy);
    call.put_layer(last.c, layer, cy);
    values = handed_up(f, layer, trace, use);
  }
  const float fill = call.y.fills ? call.y.fill : std::numeric_limits<float>::quiet_NaN();
  write_rows(call.y, call.sequences, values, fill, f.y, "y");
  call.write_states(hy, f.hy, "hy");
  call.write_states(cy, f.cy, "cy");
  if (!f.trains) return;
  print.y = hash_values(values);
  ReserveSpace reserve = call.reserve();
  reserve.fingerprint() = print;
  reserve.leave(Stage::kForward);
}

}  // namespace
}  // namespace simulated_gpu::cudnn

using namespace simulated_gpu::cudnn;

extern "C" {

cudnnStatus_t cudnnRNNForward(cudnnHandle_t handle, cudnnRNNDescriptor_t rnn, cudnnForwardMode_t mode,
                              const int32_t device_lengths[], cudnnRNNDataDescriptor_t x_descriptor, const void* x,
                              cudnnRNNDataDescriptor_t y_descriptor, void* y, cudnnTensorDescriptor_t h, const void* hx,
                              void* hy, cudnnTensorDescriptor_t c, const void* cx, void* cy, size_t weight_bytes,
                              const void* weights, size_t workspace_bytes, void* workspace, size_t reserve_bytes,
                              void* reserve) {
  constexpr const char* kName = "cudnnRNNForward";
  if (mode != CUDNN_FWD_MODE_INFERENCE && mode != CUDNN_FWD_MODE_TRAINING) return bad("no such mode");
  const RnnArguments arguments{kName, handle,       rnn,     device_lengths,  x_descriptor, y_descriptor,  h,
                               c,     weight_bytes, weights, workspace_bytes, workspace,    reserve_bytes, reserve};
  if (const cudnnStatus_t status = check_arguments(arguments, mode); status != CUDNN_STATUS_SUCCESS) return status;
  const bool trains = mode == CUDNN_FWD_MODE_TRAINING;
  if (trains && rnn->dropout && rnn->dropout->rate > 0 && !rnn->dropout->states) return bad("dropout without states");
  const size_t states = state_bytes(*rnn, *x_descriptor);
  const cudnnStatus_t memory = check_memory(kName, bytes_of(rnn->type),
                                            {{"x", x, data_bytes(*x_descriptor)},
                                             {"y", y, data_bytes(*y_descriptor)},
                                             {"hx", hx, states, true},
                                             {"hy", hy, states, true},
                                             {"cx", cx, states, true},
                                             {"cy", cy, states, true}});
  if (memory != CUDNN_STATUS_SUCCESS) return memory;
  const auto work = std::make_shared<const Forward>(Forward{RnnCall(arguments), trains, x, y, hx, cx, hy, cy});
  return enqueue(handle, kName, [work] { run(*work); });
}

}  // extern "C"
