#pragma once

#include <cstdint>
#include <type_traits>

#include "kernels/factorization/stored_number.h"
#include "kernels/support/matrix_view.h"

namespace matinee::factorization {

// A matrix in the memory of a context's device, in whatever storage. On CUDA the rows lie at `places`, and the numbers
// of a row of halves in the order of half_place() (training_operands_cuda.h).
struct StoredMatrix {
  StoredMatrix() = default;
  template <typename Number>
  requires(std::is_same_v<std::remove_const_t<Number>, float>) StoredMatrix(const MatrixView<Number>& matrix)
      : data(matrix.data),
        rows(matrix.rows),
        columns(matrix.columns),
        row_bytes(matrix.stride * static_cast<int64_t>(sizeof(float))) {}
  StoredMatrix(const void* numbers, int64_t row_count, int64_t column_count, int64_t bytes, Storage kind)
      : data(numbers), rows(row_count), columns(column_count), row_bytes(bytes), storage(kind) {}

  template <typename T>
  MATINEE_HOST_DEVICE const T* row(int64_t index) const {
    return reinterpret_cast<const T*>(static_cast<const unsigned char*>(data) + index * row_bytes);
  }

  const void* data = nullptr;
  int64_t rows = 0, columns = 0;
  int64_t row_bytes = 0;  // from row to row
  Storage storage = Storage::kFp32;
  const int32_t* places = nullptr;  // of the rows; null: in their order
};

}  // namespace matinee::factorization
