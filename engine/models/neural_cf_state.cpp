#include "engine/models/neural_cf_state.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "kernels/support/error.h"
#include "kernels/support/philox.h"

namespace matinee::engine {
namespace {

using neural_cf::NetworkShape;

// A tensor of the dense parameters.
struct DenseTensor {
  std::string name;
  int64_t begin;
  std::vector<int64_t> shape;
  int64_t inputs;  // of the layer; 0: a bias

  int64_t size() const {
    int64_t product = 1;
    for (const int64_t extent : shape) product *= extent;
    return product;
  }
};

std::vector<DenseTensor> dense_tensors(const NetworkShape& shape) {
  std::vector<DenseTensor> tensors;
  const int64_t width = shape.embedding();
  if (shape.has_tower()) {
    tensors.push_back({"tower.1.user_weights", shape.user_half(), {width, width}, 2 * width});
    tensors.push_back({"tower.1.item_weights", shape.item_half(), {width, width}, 2 * width});
    tensors.push_back({"tower.1.bias", shape.first_bias(), {width}, 0});
  }
  for (int64_t layer = 2; layer <= shape.layers; ++layer) {
    const std::string name = "tower." + std::to_string(layer);
    const int64_t inputs = shape.width(layer - 1), outputs = shape.width(layer);
    tensors.push_back({name + ".weights", shape.weights(layer), {outputs, inputs}, inputs});
    tensors.push_back({name + ".bias", shape.bias(layer), {outputs}, 0});
  }
  tensors.push_back({"output.weights", shape.output(), {shape.features()}, shape.features()});
  tensors.push_back({"output.bias", shape.output_bias(), {1}, 0});
  return tensors;
}

enum VectorPart : uint64_t { kUserVectors, kItemVectors };

void draw_vectors(Context& context, SparseView ratings, Buffer<float>& vectors, int64_t width, const Philox& draws,
                  double deviation) {
  parallel_blocks(context, ratings.rows, 64, [&](int64_t begin, int64_t end, int) {
    for (int64_t row = begin; row < end; ++row) {
      if (ratings.row_size(static_cast<int32_t>(row)) == 0) continue;
      for (int64_t n = row * width; n < (row + 1) * width; ++n) {
        vectors[n] = static_cast<float>(deviation * normal(draws, static_cast<uint64_t>(n)));
      }
    }
  });
}

void take_rows(const Buffer<float>& earlier, int64_t width, Buffer<float>& rows) {
  for (int64_t begin = 0; begin < earlier.size(); begin += width) {
    const float* from = earlier.data() + begin;
    const bool learnt = std::any_of(from, from + width, [](float value) { return value != 0; });
    if (learnt) std::copy_n(from, width, rows.data() + begin);
  }
}

// Columns begin … begin+count-1 of (rows, width) become those of `from`.
void put_columns(const Buffer<float>& from, int64_t count, Buffer<float>& rows, int64_t begin, int64_t width) {
  for (int64_t row = 0; row * count < from.size(); ++row) {
    std::copy_n(from.data() + row * count, count, rows.data() + row * width + begin);
  }
}

Buffer<float> read(const TensorFile& file, std::string_view name, std::initializer_list<int64_t> shape) {
  const auto values = file.finite(name, shape);
  Buffer<float> numbers(static_cast<int64_t>(values.size()));
  std::ranges::copy(values, numbers.data());
  return numbers;
}

}  // namespace

void NeuralCfState::copy_numbers(const NeuralCfState& other) {
  std::ranges::copy(other.users.span(), users.data());
  std::ranges::copy(other.items.span(), items.data());
  std::ranges::copy(other.dense.span(), dense.data());
}

void NeuralCfState::add_numbers(TensorWriter& file, const std::string& prefix) const {
  file.add<float>(prefix + "users", users.span(), {users.size()});
  file.add<float>(prefix + "items", items.span(), {items.size()});
  file.add<float>(prefix + "dense", dense.span(), {dense.size()});
}

void NeuralCfState::read_numbers(const TensorFile& file, const std::string& prefix) {
  for (auto& [name, numbers] : {std::pair("users", &users), {"items", &items}, {"dense", &dense}}) {
    std::ranges::copy(file.get<float>(prefix + name, {numbers->size()}), numbers->data());
  }
}

void NeuralCfState::save(TensorWriter& file) const {
  file.add<float>("user_vectors", users.span(), {shape.users, shape.row()});
  file.add<float>("item_vectors", items.span(), {shape.items, shape.row()});
  for (const DenseTensor& tensor : dense_tensors(shape)) {
    file.add<float>(tensor.name, std::span(dense.data() + tensor.begin, static_cast<std::size_t>(tensor.size())),
                    tensor.shape);
  }
  file.note("factors", std::to_string(shape.factors));
  file.note("last_layer", std::to_string(shape.last));
  file.note("layers", std::to_string(shape.layers));
}

NeuralCfState NeuralCfState::load(const TensorFile& file) {
  const auto number = [&](std::string_view name, int64_t most) {
    const std::string& text = file.note(name);
    int64_t value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > most) {
      fail(ErrorKind::kArtifact, "{}: \"{}\" is not a number of {}: train the model again", file.path().string(), text,
           name);
    }
    return value;
  };
  NeuralCfState state;
  NetworkShape& shape = state.shape;
  shape.factors = number("factors", kMostFactors);
  shape.last = number("last_layer", kMostFactors);
  shape.layers = number("layers", kMostLayers);
  if (shape.features() == 0 || (shape.last == 0) != (shape.layers == 0)) {
    fail(ErrorKind::kArtifact, "{}: {} factors, {} layers of which the last has {}: train the model again",
         file.path().string(), shape.factors, shape.layers, shape.last);
  }
  state.users = read(file, "user_vectors", {-1, shape.row()});
  state.items = read(file, "item_vectors", {-1, shape.row()});
  shape.users = state.users.size() / shape.row();
  shape.items = state.items.size() / shape.row();
  // What is missing or misshapen is found before memory is taken for what the notes promise.
  std::vector<std::pair<int64_t, std::span<const float>>> parts;
  for (const DenseTensor& tensor : dense_tensors(shape)) {
    parts.emplace_back(tensor.begin, tensor.shape.size() == 1
                                         ? file.finite(tensor.name, {tensor.shape[0]})
                                         : file.finite(tensor.name, {tensor.shape[0], tensor.shape[1]}));
  }
  state.dense = Buffer<float>(shape.dense());
  for (const auto& [begin, values] : parts) std::ranges::copy(values, state.dense.data() + begin);
  return state;
}

void initialise(Context& context, NeuralCfState& state, SparseView by_user, SparseView by_item,
                const StartingValues& values, uint64_t seed) {
  const int64_t width = state.shape.row();
  draw_vectors(context, by_user, state.users, width, Philox(seed, stream_id(RandomStream::kFactors, kUserVectors)),
               values.deviation);
  draw_vectors(context, by_item, state.items, width, Philox(seed, stream_id(RandomStream::kFactors, kItemVectors)),
               values.deviation);
  const Philox draws(seed, stream_id(RandomStream::kWeights));
  for (const DenseTensor& tensor : dense_tensors(state.shape)) {
    if (tensor.inputs == 0) continue;
    const double outputs = tensor.shape.size() == 2 ? static_cast<double>(tensor.shape[0]) : 0;
    const auto inputs = static_cast<double>(tensor.inputs);
    const double bound = outputs > 0 ? std::sqrt(6 / (inputs + outputs)) : std::sqrt(3 / inputs);
    for (int64_t n = tensor.begin; n < tensor.begin + tensor.size(); ++n) {
      state.dense[n] = static_cast<float>(bound * (2 * draws.uniform(static_cast<uint64_t>(n)) - 1));
    }
  }
  if (values.product_weight > 0) {
    std::fill_n(state.dense.data() + state.shape.output(), state.shape.product(),
                static_cast<float>(values.product_weight));
  }
}

void take_over(const NeuralCfState& earlier, NeuralCfState& state) {
  const int64_t width = state.shape.row();
  take_rows(earlier.users, width, state.users);
  take_rows(earlier.items, width, state.items);
  std::ranges::copy(earlier.dense.span(), state.dense.data());
}

void join(const NeuralCfState& gmf, const NeuralCfState& mlp, double alpha, NeuralCfState& state) {
  const NetworkShape &shape = state.shape, &product = gmf.shape, &tower = mlp.shape;
  const int64_t width = shape.row();
  put_columns(gmf.users, product.row(), state.users, 0, width);
  put_columns(gmf.items, product.row(), state.items, 0, width);
  put_columns(mlp.users, tower.row(), state.users, product.row(), width);
  put_columns(mlp.items, tower.row(), state.items, product.row(), width);
  std::copy_n(mlp.dense.data(), tower.output(), state.dense.data());
  const auto scaled = [&](double share, const float* from, int64_t count, float* to) {
    for (int64_t n = 0; n < count; ++n) to[n] = static_cast<float>(share) * from[n];
  };
  float* output = state.dense.data() + shape.output();
  scaled(alpha, gmf.dense.data() + product.output(), product.features(), output);
  scaled(1 - alpha, mlp.dense.data() + tower.output(), tower.features(), output + product.features());
  state.dense[shape.output_bias()] = static_cast<float>(alpha) * gmf.dense[product.output_bias()] +
                                     static_cast<float>(1 - alpha) * mlp.dense[tower.output_bias()];
}

}  // namespace matinee::engine
