#include "kernels/neural_cf/row_loops_cpu.h"

#include <algorithm>
#include <cmath>

#include "kernels/dense/elementary.h"
#include "kernels/support/halved_sum.h"
#include "kernels/support/multiversion.h"

namespace matinee::neural_cf {
namespace {

constexpr int64_t kLanes = 16;

MATINEE_HOST_DEVICE_INLINE float dot(const float* __restrict__ a, const float* __restrict__ b, int64_t count) {
  float lanes[kLanes] = {};
  const int64_t whole = count / kLanes * kLanes;
  for (int64_t k = 0; k < whole; k += kLanes) {
    for (int64_t lane = 0; lane < kLanes; ++lane) lanes[lane] = fmaf(a[k + lane], b[k + lane], lanes[lane]);
  }
  for (int64_t k = whole; k < count; ++k) lanes[k - whole] = fmaf(a[k], b[k], lanes[k - whole]);
  return halved_sum(lanes);
}

}  // namespace

void gather_rows(const MatrixView<const float>& table, const int32_t* ids, const MatrixView<float>& to) {
  for (int64_t n = 0; n < to.rows; ++n) std::copy_n(table.row(ids[n]), to.columns, to.row(n));
}

void scatter_rows(const MatrixView<const float>& from, const int32_t* ids, float* table) {
  for (int64_t n = 0; n < from.rows; ++n) std::copy_n(from.row(n), from.columns, table + ids[n] * from.columns);
}

MATINEE_MULTIVERSION_FUSED void join_halves(const MatrixView<const float>& user_halves, const int32_t* users,
                                            const MatrixView<const float>& item_halves, const int32_t* items,
                                            const MatrixView<float>& a) {
  for (int64_t n = 0; n < a.rows; ++n) {
    const float* __restrict__ user = user_halves.row(users[n]);
    const float* __restrict__ item = item_halves.row(items[n]);
    float* __restrict__ to = a.row(n);
    for (int64_t k = 0; k < a.columns; ++k) to[k] = dense::relu(user[k] + item[k]);
  }
}

MATINEE_MULTIVERSION_FUSED void multiply_rows(const MatrixView<const float>& user_rows, const int32_t* users,
                                              const MatrixView<const float>& item_rows, const int32_t* items,
                                              const MatrixView<float>& products) {
  for (int64_t n = 0; n < products.rows; ++n) {
    const float* __restrict__ user = user_rows.row(users[n]);
    const float* __restrict__ item = item_rows.row(items[n]);
    float* __restrict__ to = products.row(n);
    for (int64_t k = 0; k < products.columns; ++k) to[k] = user[k] * item[k];
  }
}

MATINEE_MULTIVERSION_FUSED void add_bias_and_relu(const float* bias, const MatrixView<float>& a) {
  for (int64_t n = 0; n < a.rows; ++n) {
    float* __restrict__ row = a.row(n);
    for (int64_t k = 0; k < a.columns; ++k) row[k] = dense::relu(row[k] + bias[k]);
  }
}

MATINEE_MULTIVERSION_FUSED void output_unit(const MatrixView<const float>& features, const float* weights, float bias,
                                            float* x) {
  for (int64_t n = 0; n < features.rows; ++n) x[n] = dot(features.row(n), weights, features.columns) + bias;
}

MATINEE_MULTIVERSION_FUSED double log_loss(const float* __restrict__ x, const float* __restrict__ labels, int64_t count,
                                           float scale, float* __restrict__ g) {
  // First the losses, which the gradient then replaces.
  for (int64_t n = 0; n < count; ++n) g[n] = dense::binary_cross_entropy(x[n], labels[n]);
  double sum = 0;
  for (int64_t n = 0; n < count; ++n) sum += static_cast<double>(g[n]);
  for (int64_t n = 0; n < count; ++n) g[n] = (dense::sigmoid(x[n]) - labels[n]) * scale;
  return sum;
}

MATINEE_MULTIVERSION_FUSED void add_weighted_rows(const float* g, const MatrixView<const float>& features,
                                                  float* __restrict__ sums) {
  for (int64_t n = 0; n < features.rows; ++n) {
    const float* __restrict__ row = features.row(n);
    const float weight = g[n];
    for (int64_t k = 0; k < features.columns; ++k) sums[k] = fmaf(weight, row[k], sums[k]);
  }
}

MATINEE_MULTIVERSION_FUSED void add_rows(const MatrixView<const float>& rows, float* __restrict__ sums) {
  for (int64_t n = 0; n < rows.rows; ++n) {
    const float* __restrict__ row = rows.row(n);
    for (int64_t k = 0; k < rows.columns; ++k) sums[k] += row[k];
  }
}

MATINEE_MULTIVERSION_FUSED void output_gradient(const float* g, const float* __restrict__ weights,
                                                const MatrixView<const float>& a, const MatrixView<float>& dz) {
  for (int64_t n = 0; n < dz.rows; ++n) {
    const float* __restrict__ row = a.row(n);
    float* __restrict__ to = dz.row(n);
    const float weight = g[n];
    for (int64_t k = 0; k < dz.columns; ++k) to[k] = row[k] > 0.0f ? weight * weights[k] : 0.0f;
  }
}

MATINEE_MULTIVERSION_FUSED void relu_gradient(const MatrixView<const float>& a, const MatrixView<float>& dz) {
  for (int64_t n = 0; n < dz.rows; ++n) {
    const float* __restrict__ row = a.row(n);
    float* __restrict__ to = dz.row(n);
    for (int64_t k = 0; k < dz.columns; ++k) to[k] = row[k] > 0.0f ? to[k] : 0.0f;
  }
}

MATINEE_MULTIVERSION_FUSED void sum_examples(const ExampleLists& lists, const MatrixView<const float>& rows,
                                             const MatrixView<float>& sums) {
  for (int64_t n = 0; n < sums.rows; ++n) {
    float* __restrict__ to = sums.row(n);
    int32_t at = lists.starts[n];
    const float* __restrict__ first = rows.row(lists.examples[at]);
    for (int64_t k = 0; k < sums.columns; ++k) to[k] = first[k];
    for (++at; at < lists.starts[n + 1]; ++at) {
      const float* __restrict__ row = rows.row(lists.examples[at]);
      for (int64_t k = 0; k < sums.columns; ++k) to[k] += row[k];
    }
  }
}

MATINEE_MULTIVERSION_FUSED void sum_weighted_examples(const ExampleLists& lists, const float* g, const int32_t* numbers,
                                                      const MatrixView<const float>& rows,
                                                      const float* __restrict__ weights,
                                                      const MatrixView<float>& sums) {
  for (int64_t n = 0; n < sums.rows; ++n) {
    float* __restrict__ to = sums.row(n);
    for (int64_t k = 0; k < sums.columns; ++k) to[k] = 0;
    for (int32_t at = lists.starts[n]; at < lists.starts[n + 1]; ++at) {
      const int32_t example = lists.examples[at];
      const float* __restrict__ row = rows.row(numbers[example]);
      const float weight = g[example];
      for (int64_t k = 0; k < sums.columns; ++k) to[k] = fmaf(weight, row[k], to[k]);
    }
    for (int64_t k = 0; k < sums.columns; ++k) to[k] *= weights[k];
  }
}

MATINEE_MULTIVERSION_FUSED void add_penalty(const ExampleLists& lists, float share, const MatrixView<const float>& rows,
                                            const MatrixView<float>& gradient) {
  for (int64_t n = 0; n < gradient.rows; ++n) {
    const float* __restrict__ row = rows.row(n);
    float* __restrict__ to = gradient.row(n);
    const float weight = share * static_cast<float>(lists.starts[n + 1] - lists.starts[n]);
    for (int64_t k = 0; k < gradient.columns; ++k) to[k] = fmaf(weight, row[k], to[k]);
  }
}

MATINEE_MULTIVERSION_FUSED void adam_rows(const dense::AdamUpdate& update, const int32_t* ids,
                                          const MatrixView<const float>& gradient, float* parameters, float* mean,
                                          float* square) {
  const dense::AdamUpdate step = update;
  for (int64_t n = 0; n < gradient.rows; ++n) {
    const int64_t begin = ids[n] * gradient.columns;
    const float* __restrict__ from = gradient.row(n);
    float* __restrict__ p = parameters + begin;
    float* __restrict__ m = mean + begin;
    float* __restrict__ v = square + begin;
    for (int64_t k = 0; k < gradient.columns; ++k) p[k] = step.step(p[k], from[k], m[k], v[k]);
  }
}

MATINEE_MULTIVERSION_FUSED void sgd_rows(float learning_rate, const int32_t* ids,
                                         const MatrixView<const float>& gradient, float* parameters) {
  for (int64_t n = 0; n < gradient.rows; ++n) {
    const float* __restrict__ from = gradient.row(n);
    float* __restrict__ p = parameters + ids[n] * gradient.columns;
    for (int64_t k = 0; k < gradient.columns; ++k) p[k] = fmaf(-learning_rate, from[k], p[k]);
  }
}

}  // namespace matinee::neural_cf
