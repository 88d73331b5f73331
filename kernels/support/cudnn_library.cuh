#pragma once

#include <source_location>

#include <cudnn.h>

namespace matinee {

// The functions of cuDNN that operations call: its LSTM. Loaded when the first of them is needed (shared_library.cuh).
struct CudnnLibrary {
  decltype(&cudnnCreate) create;
  decltype(&cudnnDestroy) destroy;
  decltype(&cudnnSetStream) set_stream;
  decltype(&cudnnGetErrorString) error_string;
  decltype(&cudnnGetLastErrorString) last_error_string;

  decltype(&cudnnCreateTensorDescriptor) create_tensor;
  decltype(&cudnnDestroyTensorDescriptor) destroy_tensor;
  decltype(&cudnnSetTensorNdDescriptor) set_tensor;
  decltype(&cudnnGetTensorNdDescriptor) get_tensor;

  decltype(&cudnnCreateDropoutDescriptor) create_dropout;
  decltype(&cudnnDestroyDropoutDescriptor) destroy_dropout;
  decltype(&cudnnDropoutGetStatesSize) dropout_states_size;
  decltype(&cudnnSetDropoutDescriptor) set_dropout;

  decltype(&cudnnCreateRNNDescriptor) create_rnn;
  decltype(&cudnnDestroyRNNDescriptor) destroy_rnn;
  decltype(&cudnnSetRNNDescriptor_v8) set_rnn;
  decltype(&cudnnCreateRNNDataDescriptor) create_rnn_data;
  decltype(&cudnnDestroyRNNDataDescriptor) destroy_rnn_data;
  decltype(&cudnnSetRNNDataDescriptor) set_rnn_data;

  decltype(&cudnnGetRNNWeightSpaceSize) rnn_weight_space_size;
  decltype(&cudnnGetRNNWeightParams) rnn_weight_params;
  decltype(&cudnnGetRNNTempSpaceSizes) rnn_temp_space_sizes;
  decltype(&cudnnRNNForward) rnn_forward;
  decltype(&cudnnRNNBackwardData_v8) rnn_backward_data;
  decltype(&cudnnRNNBackwardWeights_v8) rnn_backward_weights;
};

// Error(kDevice) saying what was looked for, where it cannot be loaded.
const CudnnLibrary& cudnn();

// As check_cuda: throws Error(kDevice), or Error(kMemory) where memory ran out, with cuDNN's own reason.
void check_cudnn(cudnnStatus_t status, const char* what, std::source_location where = std::source_location::current());
// For destructors.
void warn_cudnn(cudnnStatus_t status, const char* what) noexcept;

}  // namespace matinee
