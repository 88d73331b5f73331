#pragma once

#include <cstdint>
#include <span>

#include "kernels/support/cudnn_library.cuh"
#include "kernels/support/device_buffer.cuh"

namespace matinee {

// Owners of what cuDNN hands out, each set when it is made. Calls read descriptors when they are issued: these need not
// live until the work is done. Errors are those of check_cudnn; destructors warn and never throw.

class CudnnHandle {
 public:
  explicit CudnnHandle(cudaStream_t stream);
  ~CudnnHandle();
  CudnnHandle(const CudnnHandle&) = delete;
  CudnnHandle& operator=(const CudnnHandle&) = delete;

  cudnnHandle_t get() const { return handle_; }

 private:
  cudnnHandle_t handle_ = nullptr;
};

// A tensor of three dimensions without gaps, the last one contiguous.
class TensorDescriptor {
 public:
  TensorDescriptor(cudnnDataType_t type, int first, int second, int third);
  ~TensorDescriptor();
  TensorDescriptor(const TensorDescriptor&) = delete;
  TensorDescriptor& operator=(const TensorDescriptor&) = delete;

  cudnnTensorDescriptor_t get() const { return tensor_; }

 private:
  cudnnTensorDescriptor_t tensor_ = nullptr;
};

// Dropout with random states of its own, which advance with every use. At rate 0 it has none.
class DropoutDescriptor {
 public:
  DropoutDescriptor(CudaResources& cuda, float rate, uint64_t seed);
  ~DropoutDescriptor();
  DropoutDescriptor(const DropoutDescriptor&) = delete;
  DropoutDescriptor& operator=(const DropoutDescriptor&) = delete;

  // Starts the random numbers of `seed`, in the order of the kernels' stream.
  void reseed(uint64_t seed);
  cudnnDropoutDescriptor_t get() const { return dropout_; }

 private:
  CudaResources& cuda_;
  float rate_;
  DeviceBuffer<unsigned char> states_;
  cudnnDropoutDescriptor_t dropout_ = nullptr;
};

// Sequences as an RNN takes or gives them: `width` numbers at each of `steps` steps of each of lengths.size()
// sequences, padded up to `steps` unless the layout is packed. Padding of outputs is written with zeros.
class RnnDataDescriptor {
 public:
  RnnDataDescriptor(cudnnDataType_t type, cudnnRNNDataLayout_t layout, int steps, int width,
                    std::span<const int> lengths);
  ~RnnDataDescriptor();
  RnnDataDescriptor(const RnnDataDescriptor&) = delete;
  RnnDataDescriptor& operator=(const RnnDataDescriptor&) = delete;

  cudnnRNNDataDescriptor_t get() const { return data_; }

 private:
  cudnnRNNDataDescriptor_t data_ = nullptr;
};

// An LSTM of one direction with two biases.
struct LstmSettings {
  int inputs = 0, hidden = 0, layers = 1;
  cudnnRNNAlgo_t algorithm = CUDNN_RNN_ALGO_STANDARD;
  cudnnDataType_t type = CUDNN_DATA_FLOAT;  // of data and weights; sums are in floats
  cudnnMathType_t math = CUDNN_FMA_MATH;    // the default math of cuDNN permits TF32
};

// Where a matrix (rows x columns, row by row) and its bias (rows) lie in a weight space.
struct LstmParameter {
  void* matrix = nullptr;
  void* bias = nullptr;
  int rows = 0, columns = 0;
};

class RnnDescriptor {
 public:
  // `dropout` lies between the layers; the descriptor needs it as long as it is used itself.
  RnnDescriptor(const LstmSettings& settings, const DropoutDescriptor& dropout);
  ~RnnDescriptor();
  RnnDescriptor(const RnnDescriptor&) = delete;
  RnnDescriptor& operator=(const RnnDescriptor&) = delete;

  cudnnRNNDescriptor_t get() const { return rnn_; }

  int64_t weight_bytes(cudnnHandle_t handle) const;
  // Part 0 to 3: the input's share of input, forget, cell and output gate; 4 to 7: the recurrent share. Nothing but
  // this knows where anything lies.
  LstmParameter parameter(cudnnHandle_t handle, int layer, int part, void* weights, int64_t weight_bytes) const;

  struct TempBytes {
    int64_t workspace = 0, reserve = 0;  // reserve: 0 in inference
  };
  // Asked again for other numbers of sequences or steps.
  TempBytes temp_bytes(cudnnHandle_t handle, cudnnForwardMode_t mode, const RnnDataDescriptor& inputs) const;

 private:
  cudnnRNNDescriptor_t rnn_ = nullptr;
};

}  // namespace matinee
