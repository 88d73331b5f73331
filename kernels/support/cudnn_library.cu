#include <cstdio>
#include <string>

#include "kernels/support/cuda_check.cuh"
#include "kernels/support/cudnn_library.cuh"
#include "kernels/support/error.h"
#include "kernels/support/shared_library.cuh"

namespace matinee {
namespace {

CudnnLibrary load() {
  const SharedLibrary library("cuDNN", "libcudnn.so." + std::to_string(CUDNN_MAJOR));
  CudnnLibrary functions;
  library.find("cudnnCreate", functions.create);
  library.find("cudnnDestroy", functions.destroy);
  library.find("cudnnSetStream", functions.set_stream);
  library.find("cudnnGetErrorString", functions.error_string);
  library.find("cudnnGetLastErrorString", functions.last_error_string);
  library.find("cudnnCreateTensorDescriptor", functions.create_tensor);
  library.find("cudnnDestroyTensorDescriptor", functions.destroy_tensor);
  library.find("cudnnSetTensorNdDescriptor", functions.set_tensor);
  library.find("cudnnGetTensorNdDescriptor", functions.get_tensor);
  library.find("cudnnCreateDropoutDescriptor", functions.create_dropout);
  library.find("cudnnDestroyDropoutDescriptor", functions.destroy_dropout);
  library.find("cudnnDropoutGetStatesSize", functions.dropout_states_size);
  library.find("cudnnSetDropoutDescriptor", functions.set_dropout);
  library.find("cudnnCreateRNNDescriptor", functions.create_rnn);
  library.find("cudnnDestroyRNNDescriptor", functions.destroy_rnn);
  library.find("cudnnSetRNNDescriptor_v8", functions.set_rnn);
  library.find("cudnnCreateRNNDataDescriptor", functions.create_rnn_data);
  library.find("cudnnDestroyRNNDataDescriptor", functions.destroy_rnn_data);
  library.find("cudnnSetRNNDataDescriptor", functions.set_rnn_data);
  library.find("cudnnGetRNNWeightSpaceSize", functions.rnn_weight_space_size);
  library.find("cudnnGetRNNWeightParams", functions.rnn_weight_params);
  library.find("cudnnGetRNNTempSpaceSizes", functions.rnn_temp_space_sizes);
  library.find("cudnnRNNForward", functions.rnn_forward);
  library.find("cudnnRNNBackwardData_v8", functions.rnn_backward_data);
  library.find("cudnnRNNBackwardWeights_v8", functions.rnn_backward_weights);
  return functions;
}

// Its text, and where cuDNN says more, that.
std::string status_text(cudnnStatus_t status) {
  char reason[512] = "";
  cudnn().last_error_string(reason, sizeof reason);
  const std::string text = cudnn().error_string(status);
  return reason[0] == '\0' ? text : text + ": " + reason;
}

bool memory_ran_out(cudnnStatus_t status) {
  return status == CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED ||
         status == CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED;
}

}  // namespace

const CudnnLibrary& cudnn() {
  static const CudnnLibrary library = load();
  return library;
}

void check_cudnn(cudnnStatus_t status, const char* what, std::source_location where) {
  if (status == CUDNN_STATUS_SUCCESS) return;
  fail(memory_ran_out(status) ? ErrorKind::kMemory : ErrorKind::kDevice,
       std::string(what) + " failed at " + place_text(where) + ": " + status_text(status));
}

void warn_cudnn(cudnnStatus_t status, const char* what) noexcept {
  if (status == CUDNN_STATUS_SUCCESS) return;
  std::fprintf(stderr, "warning: %s failed: %s\n", what, cudnn().error_string(status));
}

}  // namespace matinee
