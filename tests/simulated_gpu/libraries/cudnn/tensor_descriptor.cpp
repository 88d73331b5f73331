#include <algorithm>

#include "libraries/cudnn/descriptors.h"
#include "libraries/cudnn/numbers.h"
#include "runtime/library_support.h"

using namespace simulated_gpu::cudnn;

namespace {

constexpr int64_t kMostElements = (int64_t{1} << 31) - 1;

bool is_type(cudnnDataType_t type) {
  return type >= CUDNN_DATA_FLOAT && type <= CUDNN_DATA_COMPLEX_FP64;
}

// Elements from the first to the last.
int64_t extent(const cudnnTensorStruct& tensor) {
  int64_t last = 0;
  for (int n = 0; n < tensor.dimensions; ++n) last += int64_t{tensor.size[n] - 1} * tensor.stride[n];
  return last + 1;
}

}  // namespace

extern "C" {

cudnnStatus_t cudnnCreateTensorDescriptor(cudnnTensorDescriptor_t* tensor) {
  return create(tensor);
}

cudnnStatus_t cudnnDestroyTensorDescriptor(cudnnTensorDescriptor_t tensor) {
  return destroy(tensor);
}

cudnnStatus_t cudnnSetTensorNdDescriptor(cudnnTensorDescriptor_t tensor, cudnnDataType_t type, int dimensions,
                                         const int size[], const int stride[]) {
  if (!is_live(tensor) || !size || !stride || !is_type(type)) return bad("descriptor, type, sizes or strides");
  if (dimensions < 2) return bad("a tensor has two dimensions at least");
  if (dimensions > CUDNN_DIM_MAX) return not_supported("too many dimensions");
  if (bytes_of(type) == 0) simulated_gpu_stop_unsupported("a cuDNN tensor of neither floats nor halves");
  cudnnTensorStruct made{true, type, dimensions, {}, {}};
  int64_t elements = 1;
  for (int n = 0; n < dimensions; ++n) {
    if (size[n] < 1 || stride[n] < 1) return bad("a size or stride is not positive");
    made.size[n] = size[n];
    made.stride[n] = stride[n];
    elements = std::min(elements * size[n], kMostElements + 1);
  }
  if (elements > kMostElements) return not_supported("more than 2^31 - 1 elements");
  *tensor = made;
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetTensorNdDescriptor(const cudnnTensorDescriptor_t tensor, int wanted, cudnnDataType_t* type,
                                         int* dimensions, int size[], int stride[]) {
  if (!is_ready(tensor) || !type || !dimensions || !size || !stride || wanted < 1) return bad("an argument is missing");
  *type = tensor->type;
  *dimensions = tensor->dimensions;
  std::copy_n(tensor->size, std::min(wanted, tensor->dimensions), size);
  std::copy_n(tensor->stride, std::min(wanted, tensor->dimensions), stride);
  return CUDNN_STATUS_SUCCESS;
}

cudnnStatus_t cudnnGetTensorSizeInBytes(const cudnnTensorDescriptor_t tensor, size_t* bytes) {
  if (!is_ready(tensor) || !bytes) return bad("the descriptor is not set, or nowhere to put the size");
  *bytes = size_t(extent(*tensor)) * bytes_of(tensor->type);
  return CUDNN_STATUS_SUCCESS;
}

}  // extern "C"
