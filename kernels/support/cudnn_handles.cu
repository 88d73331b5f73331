#include "kernels/support/cudnn_handles.cuh"

namespace matinee {
namespace {

// A constructor that throws runs no destructor: what it created goes by hand.
template <typename Object, typename Set>
void set_or_destroy(Object object, cudnnStatus_t (*destroy)(Object), const Set& set) {
  try {
    set();
  } catch (...) {
    destroy(object);
    throw;
  }
}

}  // namespace

CudnnHandle::CudnnHandle(cudaStream_t stream) {
  check_cudnn(cudnn().create(&handle_), "cudnnCreate");
  set_or_destroy(handle_, cudnn().destroy, [&] { check_cudnn(cudnn().set_stream(handle_, stream), "cudnnSetStream"); });
}

CudnnHandle::~CudnnHandle() {
  warn_cudnn(cudnn().destroy(handle_), "cudnnDestroy");
}

TensorDescriptor::TensorDescriptor(cudnnDataType_t type, int first, int second, int third) {
  check_cudnn(cudnn().create_tensor(&tensor_), "cudnnCreateTensorDescriptor");
  const int sizes[] = {first, second, third}, strides[] = {second * third, third, 1};
  set_or_destroy(tensor_, cudnn().destroy_tensor, [&] {
    check_cudnn(cudnn().set_tensor(tensor_, type, 3, sizes, strides), "cudnnSetTensorNdDescriptor");
  });
}

TensorDescriptor::~TensorDescriptor() {
  warn_cudnn(cudnn().destroy_tensor(tensor_), "cudnnDestroyTensorDescriptor");
}

DropoutDescriptor::DropoutDescriptor(CudaResources& cuda, float rate, uint64_t seed) : cuda_(cuda), rate_(rate) {
  if (rate > 0) {
    std::size_t bytes = 0;
    check_cudnn(cudnn().dropout_states_size(cuda.dnn(), &bytes), "cudnnDropoutGetStatesSize");
    states_ = {cuda, static_cast<int64_t>(bytes)};
  }
  check_cudnn(cudnn().create_dropout(&dropout_), "cudnnCreateDropoutDescriptor");
  set_or_destroy(dropout_, cudnn().destroy_dropout, [&] { reseed(seed); });
}

DropoutDescriptor::~DropoutDescriptor() {
  warn_cudnn(cudnn().destroy_dropout(dropout_), "cudnnDestroyDropoutDescriptor");
}

void DropoutDescriptor::reseed(uint64_t seed) {
  check_cudnn(cudnn().set_dropout(dropout_, cuda_.dnn(), rate_, states_.data(),
                                  static_cast<std::size_t>(states_.bytes()), seed),
              "cudnnSetDropoutDescriptor");
}

RnnDataDescriptor::RnnDataDescriptor(cudnnDataType_t type, cudnnRNNDataLayout_t layout, int steps, int width,
                                     std::span<const int> lengths) {
  check_cudnn(cudnn().create_rnn_data(&data_), "cudnnCreateRNNDataDescriptor");
  double zero = 0;  // in every type's bits
  set_or_destroy(data_, cudnn().destroy_rnn_data, [&] {
    check_cudnn(cudnn().set_rnn_data(data_, type, layout, steps, static_cast<int>(lengths.size()), width,
                                     lengths.data(), &zero),
                "cudnnSetRNNDataDescriptor");
  });
}

RnnDataDescriptor::~RnnDataDescriptor() {
  warn_cudnn(cudnn().destroy_rnn_data(data_), "cudnnDestroyRNNDataDescriptor");
}

RnnDescriptor::RnnDescriptor(const LstmSettings& settings, const DropoutDescriptor& dropout) {
  check_cudnn(cudnn().create_rnn(&rnn_), "cudnnCreateRNNDescriptor");
  set_or_destroy(rnn_, cudnn().destroy_rnn, [&] {
    check_cudnn(
        cudnn().set_rnn(rnn_, settings.algorithm, CUDNN_LSTM, CUDNN_RNN_DOUBLE_BIAS, CUDNN_UNIDIRECTIONAL,
                        CUDNN_LINEAR_INPUT, settings.type, CUDNN_DATA_FLOAT, settings.math, settings.inputs,
                        settings.hidden, settings.hidden, settings.layers, dropout.get(), CUDNN_RNN_PADDED_IO_ENABLED),
        "cudnnSetRNNDescriptor_v8");
  });
}

RnnDescriptor::~RnnDescriptor() {
  warn_cudnn(cudnn().destroy_rnn(rnn_), "cudnnDestroyRNNDescriptor");
}

int64_t RnnDescriptor::weight_bytes(cudnnHandle_t handle) const {
  std::size_t bytes = 0;
  check_cudnn(cudnn().rnn_weight_space_size(handle, rnn_, &bytes), "cudnnGetRNNWeightSpaceSize");
  return static_cast<int64_t>(bytes);
}

LstmParameter RnnDescriptor::parameter(cudnnHandle_t handle, int layer, int part, void* weights,
                                       int64_t weight_bytes) const {
  const TensorDescriptor matrix(CUDNN_DATA_FLOAT, 1, 1, 1), bias(CUDNN_DATA_FLOAT, 1, 1, 1);  // filled by cuDNN
  LstmParameter found;
  check_cudnn(cudnn().rnn_weight_params(handle, rnn_, layer, static_cast<std::size_t>(weight_bytes), weights, part,
                                        matrix.get(), &found.matrix, bias.get(), &found.bias),
              "cudnnGetRNNWeightParams");
  cudnnDataType_t type = CUDNN_DATA_FLOAT;
  int dimensions = 0, sizes[3] = {}, strides[3] = {};
  check_cudnn(cudnn().get_tensor(matrix.get(), 3, &type, &dimensions, sizes, strides), "cudnnGetTensorNdDescriptor");
  found.rows = sizes[1];
  found.columns = sizes[2];
  return found;
}

RnnDescriptor::TempBytes RnnDescriptor::temp_bytes(cudnnHandle_t handle, cudnnForwardMode_t mode,
                                                   const RnnDataDescriptor& inputs) const {
  std::size_t workspace = 0, reserve = 0;
  check_cudnn(cudnn().rnn_temp_space_sizes(handle, rnn_, mode, inputs.get(), &workspace, &reserve),
              "cudnnGetRNNTempSpaceSizes");
  return {static_cast<int64_t>(workspace),
          mode == CUDNN_FWD_MODE_TRAINING ? static_cast<int64_t>(reserve) : int64_t{0}};
}

}  // namespace matinee
