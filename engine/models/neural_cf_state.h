#pragma once

#include <cstdint>
#include <string>

#include "engine/artifacts/safetensors.h"
#include "kernels/neural_cf/network_shape.h"
#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/sparse_view.h"

namespace matinee::engine {

// The parameters of a network of neural collaborative filtering, in host memory.
struct NeuralCfState {
  neural_cf::NetworkShape shape;
  Buffer<float> users, items;  // (users or items, shape.row())
  Buffer<float> dense;         // (shape.dense())

  NeuralCfState() = default;
  // All zero.
  explicit NeuralCfState(const neural_cf::NetworkShape& network)
      : shape(network),
        users(network.users * network.row()),
        items(network.items * network.row()),
        dense(network.dense()) {}

  NeuralCfState zeros_alike() const { return NeuralCfState(shape); }
  // Takes over the parameters of another of this shape.
  void copy_numbers(const NeuralCfState& other);
  // For checkpoints: tensors PREFIXusers, PREFIXitems and PREFIXdense. read_numbers() throws Error(kArtifact) where
  // they are not of this shape.
  void add_numbers(TensorWriter& file, const std::string& prefix) const;
  void read_numbers(const TensorFile& file, const std::string& prefix);

  static constexpr int64_t kMostFactors = 4096, kMostLayers = 8;

  // As tensors user_vectors, item_vectors, tower.LAYER.…, output.weights and output.bias.
  void save(TensorWriter& file) const;
  // Throws Error(kArtifact) where a tensor is missing or the shapes disagree.
  static NeuralCfState load(const TensorFile& file);
};

struct StartingValues {
  double deviation = 0.01;
  double product_weight = 0;  // of the output, for the product; 0: drawn as its other weights
};

// Starting values: vectors from N(0, deviation²) by (seed, row), whatever the number of rows, zero for users and items
// without ratings; the weights of a layer uniform within ±√(6 / (inputs + outputs)) (Glorot and Bengio, AISTATS 2010),
// those of the output within ±√(3 / inputs); biases zero.
void initialise(Context& context, NeuralCfState& state, SparseView by_user, SparseView by_item,
                const StartingValues& values, uint64_t seed);

// Takes over the dense parameters of `earlier`, of the same shape but for users and items, and the vectors of users and
// items that it has learnt, which is where they are not all zero.
void take_over(const NeuralCfState& earlier, NeuralCfState& state);

// NeuMF from trained GMF and MLP (He et al. 2017, section 3.4.1): vectors and tower as they are, the weights of the
// output α times those of the product, 1-α times those of the tower. Users and items must be the same.
void join(const NeuralCfState& gmf, const NeuralCfState& mlp, double alpha, NeuralCfState& state);

}  // namespace matinee::engine
