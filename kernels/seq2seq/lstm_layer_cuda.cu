#include <cstdint>
#include <vector>

#include "kernels/seq2seq/lstm_layer_cuda.h"
#include "kernels/support/cudnn_handles.cuh"
#include "kernels/support/library_int.cuh"
#include "kernels/support/transfer.cuh"

// One layer by cuDNN, on rows as PackedBatch orders them, which is cuDNN's packed layout: no padding is computed.
// Layers are called one by one, so that dropout between them is Matinee's own, with the masks of the CPU.
namespace matinee::seq2seq {
namespace {

constexpr int kGates = 4;

int to_int(int64_t size) {
  return library_int(size, "an LSTM layer");
}

cudnnMathType_t math_of(Precision precision) {
  switch (precision) {
    case Precision::kTf32:
      return CUDNN_TENSOR_OP_MATH;
    case Precision::kFp16:
      return CUDNN_TENSOR_OP_MATH_ALLOW_CONVERSION;
    default:
      return CUDNN_FMA_MATH;
  }
}

// Where matrices and biases lie in host form: the input's gates, then the recurrent ones.
struct HostParts {
  LstmShape shape;

  int64_t matrix(int part) const {
    const int64_t own = part < kGates ? shape.inputs : shape.units;
    const int64_t before = part < kGates ? 0 : 4 * shape.units * shape.inputs;
    return before + part % kGates * shape.units * own;
  }
  int64_t bias(int part) const { return 4 * shape.units * (shape.inputs + shape.units) + part * shape.units; }
};

class LstmLayerCuda : public LstmLayer {
 public:
  LstmLayerCuda(CudaResources& cuda, const LstmShape& shape, const LstmRoom& room, bool training, Precision precision)
      : LstmLayer(shape),
        cuda_(cuda),
        no_dropout_(cuda, 0.0f, 0),
        lstm_(LstmSettings{.inputs = to_int(shape.inputs), .hidden = to_int(shape.units), .math = math_of(precision)},
              no_dropout_),
        weight_bytes_(lstm_.weight_bytes(cuda.dnn())) {
    make_room(std::vector<int>(static_cast<std::size_t>(room.sequences), to_int(room.steps)), training);
  }

  int64_t parameters() const override { return weight_bytes_ / static_cast<int64_t>(sizeof(float)); }

  void set_parameters(Context&, std::span<const float> host, float* parameters) const override {
    check_host_form(host);
    check_cuda(cudaMemsetAsync(parameters, 0, static_cast<std::size_t>(weight_bytes_), cuda_.stream()),
               "cudaMemsetAsync");
    for_parts(parameters, [&](void* device, int64_t place, int64_t count) {
      upload_bytes(cuda_, device, host.data() + place, count * static_cast<int64_t>(sizeof(float)));
    });
  }

  void get_parameters(Context&, const float* parameters, std::span<float> host) const override {
    check_host_form(host);
    for_parts(const_cast<float*>(parameters), [&](const void* device, int64_t place, int64_t count) {
      download_bytes(cuda_, host.data() + place, device, count * static_cast<int64_t>(sizeof(float)));
    });
  }

  void forward(Context&, const PackedBatch& batch, const float* parameters, const MatrixView<const float>& x,
               const LstmState<const float>& initial, const MatrixView<float>& y, const LstmState<float>& last,
               bool training) override {
    if (batch.rows() == 0) return;
    const Shapes shapes(*this, batch);
    const cudnnForwardMode_t mode = training ? CUDNN_FWD_MODE_TRAINING : CUDNN_FWD_MODE_INFERENCE;
    grow(shapes.x, mode);
    check_cudnn(cudnn().rnn_forward(cuda_.dnn(), lstm_.get(), mode, batch.device_lengths(), shapes.x.get(), x.data,
                                    shapes.y.get(), y.data, shapes.state.get(), initial.h.data, last.h.data,
                                    shapes.state.get(), initial.c.data, last.c.data, size(weight_bytes_), parameters,
                                    size(workspace_.bytes()), workspace_.data(), training ? size(reserve_.bytes()) : 0,
                                    training ? reserve_.data() : nullptr),
                "cudnnRNNForward");
  }

  void backward(Context&, const PackedBatch& batch, const float* parameters, const MatrixView<const float>& x,
                const LstmState<const float>& initial, const MatrixView<const float>& y,
                const MatrixView<const float>& dy, const LstmState<const float>& d_last, const MatrixView<float>& dx,
                const LstmState<float>& d_initial, float* gradient) override {
    if (batch.rows() == 0) return;
    const Shapes shapes(*this, batch);
    check_cudnn(cudnn().rnn_backward_data(
                    cuda_.dnn(), lstm_.get(), batch.device_lengths(), shapes.y.get(), y.data, dy.data, shapes.x.get(),
                    dx.data, shapes.state.get(), initial.h.data, d_last.h.data, d_initial.h.data, shapes.state.get(),
                    initial.c.data, d_last.c.data, d_initial.c.data, size(weight_bytes_), parameters,
                    size(workspace_.bytes()), workspace_.data(), size(reserve_.bytes()), reserve_.data()),
                "cudnnRNNBackwardData_v8");
    check_cudnn(cudnn().rnn_backward_weights(cuda_.dnn(), lstm_.get(), CUDNN_WGRAD_MODE_ADD, batch.device_lengths(),
                                             shapes.x.get(), x.data, shapes.state.get(), initial.h.data, shapes.y.get(),
                                             y.data, size(weight_bytes_), gradient, size(workspace_.bytes()),
                                             workspace_.data(), size(reserve_.bytes()), reserve_.data()),
                "cudnnRNNBackwardWeights_v8");
  }

 private:
  // What cuDNN is told of a batch.
  struct Shapes {
    RnnDataDescriptor x, y;
    TensorDescriptor state;

    Shapes(const LstmLayerCuda& layer, const PackedBatch& batch)
        : Shapes(layer.shape(), std::vector<int>(batch.lengths().begin(), batch.lengths().end())) {}
    Shapes(const LstmShape& shape, const std::vector<int>& lengths)
        : x(CUDNN_DATA_FLOAT, CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED, lengths.front(), to_int(shape.inputs), lengths),
          y(CUDNN_DATA_FLOAT, CUDNN_RNN_DATA_LAYOUT_SEQ_MAJOR_PACKED, lengths.front(), to_int(shape.units), lengths),
          state(CUDNN_DATA_FLOAT, 1, static_cast<int>(lengths.size()), to_int(shape.units)) {}
  };

  static std::size_t size(int64_t bytes) { return static_cast<std::size_t>(bytes); }

  // Calls body(where in `parameters`, where in host form, how many) for every matrix and bias.
  template <typename Body>
  void for_parts(float* parameters, const Body& body) const {
    const HostParts host = {shape()};
    for (int part = 0; part < 2 * kGates; ++part) {
      const LstmParameter there = lstm_.parameter(cuda_.dnn(), 0, part, parameters, weight_bytes_);
      body(there.matrix, host.matrix(part), int64_t{there.rows} * there.columns);
      body(there.bias, host.bias(part), there.rows);
    }
  }

  void make_room(const std::vector<int>& lengths, bool training) {
    if (lengths.empty() || lengths.front() == 0) return;
    const Shapes shapes(shape(), lengths);
    grow(shapes.x, training ? CUDNN_FWD_MODE_TRAINING : CUDNN_FWD_MODE_INFERENCE);
  }

  // The largest batch was asked for first; should cuDNN want more for a smaller one, it gets it.
  void grow(const RnnDataDescriptor& inputs, cudnnForwardMode_t mode) {
    const RnnDescriptor::TempBytes bytes = lstm_.temp_bytes(cuda_.dnn(), mode, inputs);
    if (bytes.workspace > workspace_.bytes()) workspace_ = {cuda_, bytes.workspace};
    if (bytes.reserve > reserve_.bytes()) reserve_ = {cuda_, bytes.reserve};
  }

  CudaResources& cuda_;
  DropoutDescriptor no_dropout_;
  RnnDescriptor lstm_;
  int64_t weight_bytes_;
  DeviceBuffer<unsigned char> workspace_, reserve_;
};

}  // namespace

std::unique_ptr<LstmLayer> make_lstm_layer_cuda(Context& context, const LstmShape& shape, const LstmRoom& room,
                                                bool training) {
  return std::make_unique<LstmLayerCuda>(context.cuda(), shape, room, training, context.precision());
}

}  // namespace matinee::seq2seq
