#pragma once

#include <cstdint>

namespace matinee::neural_cf {

// The network of He et al., "Neural collaborative filtering" (WWW 2017): a user's and an item's vector, each of
// product() and then embedding() numbers, become the log odds that the user likes the item,
//   x = h · [p ∘ q, a_L] + c,   a_1 = relu(W_user p' + W_item q' + b_1),   a_l = relu(W_l a_(l-1) + b_l),
// where p, q are the first product() numbers and p', q' the rest. GMF has the product alone, MLP the tower alone, NeuMF
// both. Layers of the tower halve from embedding() to `last`.
//
// The dense parameters lie one after the other, matrices by rows: W_user and W_item (each width(1) × embedding()), b_1,
// then W_l (width(l) × width(l-1)) and b_l for l = 2 … layers, then h (features()) and c.
struct NetworkShape {
  int64_t users = 0, items = 0;
  int64_t factors = 0;  // of the product; 0: no product
  int64_t last = 0;     // width of the last layer of the tower; 0: no tower
  int64_t layers = 0;   // of the tower

  bool has_product() const { return factors > 0; }
  bool has_tower() const { return last > 0; }
  int64_t product() const { return factors; }
  int64_t width(int64_t layer) const { return last << (layers - layer); }
  int64_t embedding() const { return has_tower() ? width(1) : 0; }
  int64_t row() const { return product() + embedding(); }  // numbers of a user's or an item's vector
  int64_t features() const { return product() + last; }    // that the output unit sees

  int64_t activations() const {  // of all layers
    int64_t numbers = features();
    for (int64_t layer = 1; layer < layers; ++layer) numbers += width(layer);
    return numbers;
  }

  int64_t user_half() const { return 0; }
  int64_t item_half() const { return embedding() * embedding(); }
  int64_t first_bias() const { return 2 * item_half(); }
  int64_t weights(int64_t layer) const {  // of layer 2 …
    int64_t begin = first_bias() + embedding();
    for (int64_t l = 2; l < layer; ++l) begin += width(l) * (width(l - 1) + 1);
    return begin;
  }
  int64_t bias(int64_t layer) const {
    return layer == 1 ? first_bias() : weights(layer) + width(layer) * width(layer - 1);
  }
  int64_t output() const { return has_tower() ? weights(layers + 1) : 0; }
  int64_t output_bias() const { return output() + features(); }
  int64_t dense() const { return output_bias() + 1; }

  bool operator==(const NetworkShape&) const = default;
};

}  // namespace matinee::neural_cf
