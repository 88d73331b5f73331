#include "kernels/dense/linear.h"

#include "kernels/dense/bias.h"
#include "kernels/dense/matrix_product.h"

namespace matinee::dense {

void linear(Context& context, const LinearView<const float>& layer, const MatrixView<const float>& x,
            const MatrixView<float>& y) {
  if (layer.bias == nullptr) return matrix_product(context, {x}, transpose(layer.weights), false, y);
  matrix_product_plus_row(context, {x}, transpose(layer.weights), layer.bias, y);
}

void linear_gradient(Context& context, const LinearView<const float>& layer, const MatrixView<const float>& x,
                     const MatrixView<const float>& dy, const LinearView<float>& gradient, const MatrixView<float>& dx,
                     bool accumulate_dx) {
  matrix_product(context, transpose(dy), {x}, true, gradient.weights);
  if (gradient.bias != nullptr) add_column_sums(context, dy, gradient.bias);
  if (dx.data != nullptr) matrix_product(context, {dy}, {layer.weights}, accumulate_dx, dx);
}

}  // namespace matinee::dense
