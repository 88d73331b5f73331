#pragma once

#include <cstdint>
#include <memory>

#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee {

// Owned floats in the device memory of a CUDA context, row-major without gaps, contents undefined at first. What one
// operation leaves there for the next; it must not outlive the context.
class DeviceMatrix {
 public:
  // Error(kDevice) for a context of the CPU, Error(kMemory) where they do not fit.
  DeviceMatrix(Context& context, int64_t rows, int64_t columns);

  int64_t rows() const { return rows_; }
  int64_t columns() const { return columns_; }
  float* data() const { return data_.get(); }  // of the device

  // Waits for what is being computed. Error(kConfig) for another shape.
  void copy_to(Context& context, MatrixView<float> host) const;

 private:
  int64_t rows_, columns_;
  std::shared_ptr<float> data_;
};

}  // namespace matinee
