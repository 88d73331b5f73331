#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "kernels/seq2seq/packed_batch.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::seq2seq {

struct LstmShape {
  int64_t inputs = 0, units = 0;

  // Numbers of W (4 units × inputs), R (4 units × units), b_W and b_R (4 units each), in this order: the host form of
  // the parameters.
  int64_t parameters() const { return 4 * units * (inputs + units + 2); }
};

// The largest batch that a layer will see.
struct LstmRoom {
  int64_t sequences = 0, steps = 0, rows = 0;
};

// h and c of each sequence of a batch, (sequences × units) each; without data: zero where read, not wanted where
// written.
template <typename T>
struct LstmState {
  MatrixView<T> h, c;
};

// One layer of a long short-term memory (Hochreiter and Schmidhuber 1997; gates and biases as cuDNN and PyTorch have
// them, in the order i, f, g, o):
//   a = W x + b_W + R h + b_R,  i, f, o = σ(a), g = tanh(a),  c = f c + i g,  h = o tanh(c)
// What a batch needs is allocated once, for the largest batch. Views lie in the memory of the context's device, rows as
// PackedBatch orders them. Parameters lie there too, in the layout that the device's library wants: parameters()
// numbers of which some may be padding, whose gradient stays zero. Per row: 8 units (inputs + units) flops forward,
// twice as many backward. On the CPU the same bits for any number of threads and on every machine. On CUDA products are
// rounded as the precision of the context says that the layer is made in.
class LstmLayer {
 public:
  virtual ~LstmLayer() = default;

  const LstmShape& shape() const { return shape_; }

  virtual int64_t parameters() const = 0;
  // From and to the host form. Error(kConfig) where a size does not fit.
  virtual void set_parameters(Context& context, std::span<const float> host, float* parameters) const = 0;
  virtual void get_parameters(Context& context, const float* parameters, std::span<float> host) const = 0;

  // y (rows × units) = h of every step of x (rows × inputs), starting from `initial`; `last` = the state of each
  // sequence after its own last step. With `training`, keeps what backward() needs.
  virtual void forward(Context& context, const PackedBatch& batch, const float* parameters,
                       const MatrixView<const float>& x, const LstmState<const float>& initial,
                       const MatrixView<float>& y, const LstmState<float>& last, bool training) = 0;

  // After forward() with training and the same operands: adds to `gradient`, of the parameters, what dy (rows × units)
  // and d_last make of it, and writes dx (rows × inputs) and d_initial.
  virtual void backward(Context& context, const PackedBatch& batch, const float* parameters,
                        const MatrixView<const float>& x, const LstmState<const float>& initial,
                        const MatrixView<const float>& y, const MatrixView<const float>& dy,
                        const LstmState<const float>& d_last, const MatrixView<float>& dx,
                        const LstmState<float>& d_initial, float* gradient) = 0;

 protected:
  explicit LstmLayer(const LstmShape& shape) : shape_(shape) {}
  // Error(kConfig) where `host` has not as many numbers as the host form.
  void check_host_form(std::span<const float> host) const;

 private:
  LstmShape shape_;
};

// On CUDA by cuDNN. `training`: whether backward() will be called. Error(kConfig) for a shape of 0 inputs or units,
// Error(kMemory) where the room does not fit.
std::unique_ptr<LstmLayer> make_lstm_layer(Context& context, const LstmShape& shape, const LstmRoom& room,
                                           bool training);

std::unique_ptr<LstmLayer> make_lstm_layer_cpu(Context& context, const LstmShape& shape, const LstmRoom& room,
                                               bool training);

}  // namespace matinee::seq2seq
