#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "engine/models/seq2seq_shape.h"
#include "kernels/dense/linear.h"
#include "kernels/seq2seq/lstm_layer.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::engine {

// A tensor of the network in the host form: where its numbers lie among those of all tensors.
struct Seq2SeqTensor {
  std::string name;  // "embedding", "encoder.0.W" …
  std::vector<int64_t> shape;
  int64_t begin = 0, size = 0;
};

// The tensors of a network, in the order of the host form: one after the other without padding.
//   embedding (vocabulary × dimensions)
//   encoder.L.W, .R, .b_W, .b_R, decoder.L.… (lstm_layer.h) for each layer L = 0, 1 …
//   attention.query, attention.key (units × units), attention.v (units), where the kind of attention has them
//   combine.context, combine.hidden (units × units), combine.bias (units)
//   output.weights (vocabulary × units), output.bias (vocabulary)
std::vector<Seq2SeqTensor> seq2seq_tensors(const Seq2SeqShape& shape);
int64_t seq2seq_parameters(const Seq2SeqShape& shape);

// What training starts from, in the host form: embeddings, those of special tokens too, normal with `deviation`;
// everything else uniform within ±1/√(its inputs), the forget gate's b_W one more (Jozefowicz, Zaremba and Sutskever,
// ICML 2015), other biases 0. Keyed by seed and tensor.
std::vector<float> seq2seq_start(const Seq2SeqShape& shape, double deviation, uint64_t seed);

// Where the parts of a network lie in its flat array on a device, whose LSTM layers may have a layout of their own.
// Parts begin at multiples of 16 numbers; padding is zero.
class Seq2SeqLayout {
 public:
  // The layers, encoder first, must outlive it.
  Seq2SeqLayout(const Seq2SeqShape& shape, const std::vector<const seq2seq::LstmLayer*>& layers);

  int64_t size() const { return size_; }  // numbers of the array

  // Between the host form and the array on the device.
  void to_device(Context& context, std::span<const float> host, float* array) const;
  void to_host(Context& context, const float* array, std::span<float> host) const;

  // Parts of an array of this layout, by T float or const float.
  template <typename T>
  MatrixView<T> embedding(T* array) const {
    return {array + embedding_, shape_.vocabulary, shape_.dimensions, shape_.dimensions};
  }
  template <typename T>
  T* layer(T* array, int64_t number) const {  // encoder 0 … layers-1, then decoder
    return array + layer_starts_[static_cast<std::size_t>(number)];
  }
  template <typename T>
  dense::LinearView<T> query(T* array) const {
    return {square(array + query_), nullptr};
  }
  template <typename T>
  dense::LinearView<T> key(T* array) const {
    return {square(array + key_), nullptr};
  }
  template <typename T>
  T* v(T* array) const {
    return array + v_;
  }
  template <typename T>
  dense::LinearView<T> combine_context(T* array) const {
    return {square(array + combine_context_), nullptr};
  }
  template <typename T>
  dense::LinearView<T> combine_hidden(T* array) const {
    return {square(array + combine_hidden_), array + combine_bias_};
  }
  template <typename T>
  dense::LinearView<T> output(T* array) const {
    return {{array + output_, shape_.vocabulary, shape_.units, shape_.units}, array + output_bias_};
  }

 private:
  struct Part {
    int64_t host, device, size;
    const seq2seq::LstmLayer* layer;  // null: the same numbers on both
  };

  int64_t add(int64_t size, const seq2seq::LstmLayer* layer = nullptr);
  template <typename T>
  MatrixView<T> square(T* data) const {
    return {data, shape_.units, shape_.units, shape_.units};
  }

  Seq2SeqShape shape_;
  std::vector<Part> parts_;
  int64_t host_size_ = 0, size_ = 0;
  int64_t embedding_ = 0, query_ = 0, key_ = 0, v_ = 0;
  int64_t combine_context_ = 0, combine_hidden_ = 0, combine_bias_ = 0, output_ = 0, output_bias_ = 0;
  std::vector<int64_t> layer_starts_;
};

}  // namespace matinee::engine
