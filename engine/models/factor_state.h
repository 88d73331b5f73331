#pragma once

#include <cstdint>
#include <string>

#include "engine/artifacts/safetensors.h"
#include "kernels/factorization/factors_view.h"
#include "kernels/support/buffer.h"
#include "kernels/support/context.h"
#include "kernels/support/sparse_view.h"

namespace matinee::engine {

// What matrix factorisation learns: x_ui = mean + b_u + c_i + p_u · q_i.
struct FactorState {
  int64_t users = 0, items = 0, factors = 0;
  int64_t stride = 0;          // floats from row to row: padded in training, `factors` afterwards
  Buffer<float> user_factors;  // (users, stride)
  Buffer<float> item_factors;  // (items, stride)
  Buffer<float> user_biases;   // (users)
  Buffer<float> item_biases;   // (items)
  float mean = 0;

  // All zero, in training form.
  static FactorState zeros(int64_t users, int64_t items, int64_t factors);
  FactorState zeros_alike() const { return zeros(users, items, factors); }
  static int64_t bytes(int64_t users, int64_t items, int64_t factors);

  MatrixView<const float> user_view() const { return {user_factors.data(), users, factors, stride}; }
  MatrixView<const float> item_view() const { return {item_factors.data(), items, factors, stride}; }
  // Only in training form.
  factorization::FactorsView<float> training_view();

  // Takes over the numbers of another of this shape, both in training form; not its mean.
  void copy_numbers(const FactorState& other);
  // The numbers in training form, for checkpoints: as tensors PREFIXuser_factors and so on. read_numbers() throws
  // Error(kArtifact) where they are not of this shape.
  void add_numbers(TensorWriter& file, const std::string& prefix = "") const;
  void read_numbers(const TensorFile& file, const std::string& prefix = "");

  // Moves the rows together: stride becomes `factors`.
  void compact();
  // As tensors without padding; only compact.
  void save(TensorWriter& file) const;
  // Throws Error(kArtifact) where a tensor is missing or the shapes disagree.
  static FactorState load(const TensorFile& file);
};

// Starting values. A row with ratings is drawn from N(0, deviation²) by (seed, row), whatever the number of rows; a row
// without stays zero. Rows that `initial` (null: none; as many factors) has learnt are taken from there.
void initialise(Context& context, FactorState& state, SparseView by_user, SparseView by_item, double deviation,
                uint64_t seed, const FactorState* initial);

}  // namespace matinee::engine
