#pragma once

#include <cstdint>

#include "kernels/dense/adam_update.h"
#include "kernels/support/device_buffer.cuh"
#include "kernels/support/matrix_view.h"

namespace matinee::neural_cf {

// Examples in the order of their rows, on the device.
class SortedRows {
 public:
  SortedRows(CudaResources& cuda, int64_t rows, int64_t most_examples);

  // Stable: the examples of a row rise. rows (count) < the number given.
  void assign(CudaResources& cuda, const int32_t* rows, int64_t count);

  int64_t count() const { return count_; }
  const int32_t* rows() const { return rows_.data(); }          // (count), rising
  const int32_t* examples() const { return examples_.data(); }  // (count)

 private:
  int bits_;
  int64_t count_ = 0;
  DeviceBuffer<int32_t> places_, rows_, examples_;
  DeviceBuffer<uint8_t> scratch_;
};

// A step of Adam on the rows that stand in `sorted` of tables as wide as `gradient` (examples × numbers), of whose rows
// the sum, plus `share` times the row for each example, is the gradient of a row. The others stay as they are.
void sparse_adam(CudaResources& cuda, const dense::AdamUpdate& update, const SortedRows& sorted,
                 const MatrixView<const float>& gradient, float share, float* parameters, float* mean, float* square);

// The same with SGD.
void sparse_sgd(CudaResources& cuda, float learning_rate, const SortedRows& sorted,
                const MatrixView<const float>& gradient, float share, float* parameters);

// No step: those rows of `gradients` become the gradients of theirs.
void sum_gradients(CudaResources& cuda, const SortedRows& sorted, const MatrixView<const float>& gradient, float share,
                   const float* parameters, float* gradients);

}  // namespace matinee::neural_cf
