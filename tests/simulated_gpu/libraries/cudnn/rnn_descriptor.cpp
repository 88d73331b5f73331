#include "libraries/cudnn/descriptors.h"
#include "libraries/cudnn/numbers.h"
#include "runtime/library_support.h"

using namespace simulated_gpu::cudnn;

namespace {

bool in_range(int value, int last) {
  return value >= 0 && value <= last;
}

cudnnStatus_t check_types(cudnnDataType_t type, cudnnDataType_t math) {
  const bool documented = (type == CUDNN_DATA_FLOAT && math == CUDNN_DATA_FLOAT) ||
                          (type == CUDNN_DATA_DOUBLE && math == CUDNN_DATA_DOUBLE) ||
                          (type == CUDNN_DATA_BFLOAT16 && math == CUDNN_DATA_FLOAT) ||
                          (type == CUDNN_DATA_HALF && (math == CUDNN_DATA_FLOAT || math == CUDNN_DATA_HALF));
  if (!documented) return not_supported("data type and math precision do not go together");
  if (bytes_of(type) == 0 || math != CUDNN_DATA_FLOAT) {
    simulated_gpu_stop_unsupported("an RNN of other types than floats or halves with math in floats");
  }
  return CUDNN_STATUS_SUCCESS;
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnCreateRNNDescriptor(cudnnRNNDescriptor_t* rnn) {
  return create(rnn);
}

cudnnStatus_t cudnnDestroyRNNDescriptor(cudnnRNNDescriptor_t rnn) {
  return destroy(rnn);
}

cudnnStatus_t cudnnSetRNNDescriptor_v8(cudnnRNNDescriptor_t rnn, cudnnRNNAlgo_t algorithm, cudnnRNNMode_t cell,
                                       cudnnRNNBiasMode_t bias, cudnnDirectionMode_t direction,
                                       cudnnRNNInputMode_t input_mode, cudnnDataType_t type, cudnnDataType_t precision,
                                       cudnnMathType_t math, int32_t input, int32_t hidden, int32_t projection,
                                       int32_t layers, cudnnDropoutDescriptor_t dropout, uint32_t flags) {
  if (!is_live(rnn)) return bad("no descriptor");
  if (!in_range(algorithm, CUDNN_RNN_ALGO_COUNT - 1) || !in_range(cell, CUDNN_GRU) ||
      !in_range(bias, CUDNN_RNN_SINGLE_REC_BIAS) || !in_range(direction, CUDNN_BIDIRECTIONAL) ||
      !in_range(input_mode, CUDNN_SKIP_INPUT) || !in_range(math, CUDNN_FMA_MATH)) {
    return bad("a value outside its enumeration");
  }
  if (input < 1 || hidden < 1 || projection < 1 || layers < 1) return bad("a size is not positive");
  if ((flags & ~uint32_t{CUDNN_RNN_PADDED_IO_ENABLED}) != 0) return bad("unknown flags");
  if (projection > hidden) return not_supported("a projection to more than the hidden size");
  if (const cudnnStatus_t status = check_types(type, precision); status != CUDNN_STATUS_SUCCESS) return status;
  if (dropout && !is_live(dropout)) return bad("the dropout descriptor was destroyed");
  if (algorithm != CUDNN_RNN_ALGO_STANDARD && (bias != CUDNN_RNN_DOUBLE_BIAS || projection != hidden)) {
    return not_supported("persistent kernels have two biases and no projection");
  }
  if (cell != CUDNN_LSTM || direction != CUDNN_UNIDIRECTIONAL || input_mode != CUDNN_LINEAR_INPUT) {
    simulated_gpu_stop_unsupported("another RNN than an LSTM of one direction with linear input");
  }
  if (projection != hidden) simulated_gpu_stop_unsupported("an LSTM with a projection");
  if (algorithm != CUDNN_RNN_ALGO_STANDARD && algorithm != CUDNN_RNN_ALGO_PERSIST_STATIC) {
    simulated_gpu_stop_unsupported("this algorithm of an RNN");
  }
  *rnn = {true,  algorithm, bias,   type,    math,
          input, hidden,    layers, dropout, (flags & CUDNN_RNN_PADDED_IO_ENABLED) != 0};
  return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
