#pragma once

#include <cstdint>
#include <vector>

#include <cudnn.h>

#include "libraries/cudnn/live_objects.h"
#include "libraries/cudnn/status.h"

// What cuDNN's opaque types hold here.
struct cudnnContext {
  static constexpr const char* kKind = "cuDNN handle";
  cudaStream_t stream = nullptr;
};

struct cudnnTensorStruct {
  static constexpr const char* kKind = "tensor descriptor";
  bool is_set = false;
  cudnnDataType_t type = CUDNN_DATA_FLOAT;
  int dimensions = 0;
  int size[CUDNN_DIM_MAX] = {}, stride[CUDNN_DIM_MAX] = {};
};

struct cudnnDropoutStruct {
  static constexpr const char* kKind = "dropout descriptor";
  bool is_set = false;
  float rate = 0;
  void* states = nullptr;  // device memory
  unsigned long long seed = 0;
};

struct cudnnRNNStruct {
  static constexpr const char* kKind = "RNN descriptor";
  bool is_set = false;
  cudnnRNNAlgo_t algorithm = CUDNN_RNN_ALGO_STANDARD;
  cudnnRNNBiasMode_t bias = CUDNN_RNN_DOUBLE_BIAS;
  cudnnDataType_t type = CUDNN_DATA_FLOAT;
  cudnnMathType_t math = CUDNN_DEFAULT_MATH;
  int input = 0, hidden = 0, layers = 0;
  cudnnDropoutDescriptor_t dropout = nullptr;  // null: none
  bool padded = false;                         // unpacked layouts are allowed
};

struct cudnnRNNDataStruct {
  static constexpr const char* kKind = "RNN data descriptor";
  bool is_set = false;
  cudnnDataType_t type = CUDNN_DATA_FLOAT;
  cudnnRNNDataLayout_t layout = CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_UNPACKED;
  int steps = 0, batch = 0, width = 0;  // longest sequence, sequences, values of a vector
  std::vector<int> lengths;             // of the sequences
  bool fills = false;                   // padding of an output is written with `fill`; else it is undefined
  float fill = 0;
};

namespace simulated_gpu::cudnn {

template <typename T>
cudnnStatus_t create(T** object) {
  if (!object) return bad("nowhere to put the new object");
  *object = make_live<T>();
  return CUDNN_STATUS_SUCCESS;
}

// Destroying nothing is allowed, destroying twice is not.
template <typename T>
cudnnStatus_t destroy(T* object) {
  if (!object || destroy_live(object)) return CUDNN_STATUS_SUCCESS;
  return bad("the object was not created or is destroyed already");
}

// Alive and set.
template <typename T>
bool is_ready(const T* object) {
  return is_live(object) && object->is_set;
}

}  // namespace simulated_gpu::cudnn
