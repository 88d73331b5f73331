#include "engine/models/seq2seq_parameters.h"

#include <cmath>
#include <numeric>

#include <fmt/format.h>

#include "kernels/support/array.h"
#include "kernels/support/grid.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

constexpr int64_t kAlignment = 16;

int64_t layer_inputs(const Seq2SeqShape& shape, int64_t layer) {
  return layer == 0 ? shape.dimensions : shape.units;
}

// Largest absolute value of the draws of a tensor; 0: none are drawn.
double start_bound(const Seq2SeqTensor& tensor) {
  if (tensor.shape.size() == 2) return 1 / std::sqrt(static_cast<double>(tensor.shape[1]));
  return tensor.name == "attention.v" ? 1 / std::sqrt(static_cast<double>(tensor.size)) : 0;
}

void fill_start(const Seq2SeqTensor& tensor, int64_t number, double deviation, uint64_t seed, std::span<float> values) {
  const Philox draws(seed, stream_id(RandomStream::kWeights, static_cast<uint64_t>(number)));
  const double bound = start_bound(tensor);
  for (std::size_t n = 0; n < values.size(); ++n) {
    values[n] = tensor.name == "embedding" ? static_cast<float>(deviation * normal(draws, n))
                                           : static_cast<float>(bound == 0 ? 0 : bound * (2 * draws.uniform(n) - 1));
  }
  if (!tensor.name.ends_with(".b_W")) return;
  const std::size_t units = values.size() / 4;
  for (std::size_t unit = 0; unit < units; ++unit) values[units + unit] = 1;
}

}  // namespace

std::vector<Seq2SeqTensor> seq2seq_tensors(const Seq2SeqShape& shape) {
  std::vector<Seq2SeqTensor> tensors;
  int64_t begin = 0;
  const auto add = [&](std::string name, std::vector<int64_t> extents) {
    const int64_t size = std::accumulate(extents.begin(), extents.end(), int64_t{1}, std::multiplies<>());
    tensors.push_back({std::move(name), std::move(extents), begin, size});
    begin += size;
  };
  const int64_t units = shape.units;
  add("embedding", {shape.vocabulary, shape.dimensions});
  for (const char* side : {"encoder", "decoder"}) {
    for (int64_t layer = 0; layer < shape.layers; ++layer) {
      add(fmt::format("{}.{}.W", side, layer), {4 * units, layer_inputs(shape, layer)});
      add(fmt::format("{}.{}.R", side, layer), {4 * units, units});
      add(fmt::format("{}.{}.b_W", side, layer), {4 * units});
      add(fmt::format("{}.{}.b_R", side, layer), {4 * units});
    }
  }
  if (shape.attention != Seq2SeqAttention::kDot) add("attention.query", {units, units});
  if (shape.attention == Seq2SeqAttention::kAdditive) {
    add("attention.key", {units, units});
    add("attention.v", {units});
  }
  add("combine.context", {units, units});
  add("combine.hidden", {units, units});
  add("combine.bias", {units});
  add("output.weights", {shape.vocabulary, units});
  add("output.bias", {shape.vocabulary});
  return tensors;
}

int64_t seq2seq_parameters(const Seq2SeqShape& shape) {
  const Seq2SeqTensor last = seq2seq_tensors(shape).back();
  return last.begin + last.size;
}

std::vector<float> seq2seq_start(const Seq2SeqShape& shape, double deviation, uint64_t seed) {
  std::vector<float> values(static_cast<std::size_t>(seq2seq_parameters(shape)));
  int64_t number = 0;
  for (const Seq2SeqTensor& tensor : seq2seq_tensors(shape)) {
    fill_start(
        tensor, number++, deviation, seed,
        std::span(values).subspan(static_cast<std::size_t>(tensor.begin), static_cast<std::size_t>(tensor.size)));
  }
  return values;
}

Seq2SeqLayout::Seq2SeqLayout(const Seq2SeqShape& shape, const std::vector<const seq2seq::LstmLayer*>& layers)
    : shape_(shape) {
  const int64_t units = shape.units, square_size = units * units;
  embedding_ = add(shape.vocabulary * shape.dimensions);
  for (const seq2seq::LstmLayer* layer : layers) layer_starts_.push_back(add(layer->shape().parameters(), layer));
  if (shape.attention != Seq2SeqAttention::kDot) query_ = add(square_size);
  if (shape.attention == Seq2SeqAttention::kAdditive) {
    key_ = add(square_size);
    v_ = add(units);
  }
  combine_context_ = add(square_size);
  combine_hidden_ = add(square_size);
  combine_bias_ = add(units);
  output_ = add(shape.vocabulary * units);
  output_bias_ = add(shape.vocabulary);
}

int64_t Seq2SeqLayout::add(int64_t size, const seq2seq::LstmLayer* layer) {
  const int64_t begin = size_;
  parts_.push_back({host_size_, begin, size, layer});
  host_size_ += size;
  const int64_t device_size = layer == nullptr ? size : layer->parameters();
  size_ += rounded_up(device_size, kAlignment);
  return begin;
}

void Seq2SeqLayout::to_device(Context& context, std::span<const float> host, float* array) const {
  for (const Part& part : parts_) {
    const auto numbers = host.subspan(static_cast<std::size_t>(part.host), static_cast<std::size_t>(part.size));
    if (part.layer != nullptr) {
      part.layer->set_parameters(context, numbers, array + part.device);
    } else {
      detail::copy_in(context, array + part.device, numbers.data(), static_cast<int64_t>(numbers.size_bytes()));
    }
  }
}

void Seq2SeqLayout::to_host(Context& context, const float* array, std::span<float> host) const {
  for (const Part& part : parts_) {
    const auto numbers = host.subspan(static_cast<std::size_t>(part.host), static_cast<std::size_t>(part.size));
    if (part.layer != nullptr) {
      part.layer->get_parameters(context, array + part.device, numbers);
    } else {
      detail::copy_out(context, numbers.data(), array + part.device, static_cast<int64_t>(numbers.size_bytes()));
    }
  }
}

}  // namespace matinee::engine
