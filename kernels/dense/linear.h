#pragma once

#include <type_traits>

#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

// A dense layer; operands lie in the memory of the context's device.
namespace matinee::dense {

template <typename T>
struct LinearView {
  MatrixView<T> weights;  // (outputs × inputs)
  T* bias = nullptr;      // (outputs), or null: none

  template <typename U>
  requires(std::is_same_v<U, const T> && !std::is_const_v<T>) operator LinearView<U>() const { return {weights, bias}; }
};

// y (rows × outputs) = x (rows × inputs) · weightsᵀ + bias. Error(kConfig) where shapes do not fit.
void linear(Context& context, const LinearView<const float>& layer, const MatrixView<const float>& x,
            const MatrixView<float>& y);

// gradient += what dy (rows × outputs) makes of weights and bias; dx = dy · weights, or dx += that, where dx.data is
// not null.
void linear_gradient(Context& context, const LinearView<const float>& layer, const MatrixView<const float>& x,
                     const MatrixView<const float>& dy, const LinearView<float>& gradient, const MatrixView<float>& dx,
                     bool accumulate_dx = false);

}  // namespace matinee::dense
