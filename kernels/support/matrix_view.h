#pragma once

#include <cstdint>
#include <type_traits>

namespace matinee {

// A row-major matrix that somebody else owns: rows × columns, `stride` elements from row to row.
template <typename T>
struct MatrixView {
  T* data = nullptr;
  int64_t rows = 0;
  int64_t columns = 0;
  int64_t stride = 0;

  T* row(int64_t index) const { return data + index * stride; }
  T& operator()(int64_t row_index, int64_t column) const { return data[row_index * stride + column]; }
  template <typename Constant>
  requires(!std::is_const_v<T> && std::is_same_v<Constant, const T>) operator MatrixView<Constant>() const {
    return {data, rows, columns, stride};
  }
};

}  // namespace matinee
