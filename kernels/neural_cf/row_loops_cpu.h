#pragma once

#include <cstdint>

#include "kernels/dense/adam_update.h"
#include "kernels/support/matrix_view.h"

// The loops over rows of a step, each element in one written order: the same bits on every machine.
namespace matinee::neural_cf {

// Row n of `to` becomes row ids[n] of `table`.
void gather_rows(const MatrixView<const float>& table, const int32_t* ids, const MatrixView<float>& to);

// The reverse: row ids[n] of a table as wide as `from` becomes row n of that.
void scatter_rows(const MatrixView<const float>& from, const int32_t* ids, float* table);

// a(n, k) = relu(user_halves(users[n], k) + item_halves(items[n], k))
void join_halves(const MatrixView<const float>& user_halves, const int32_t* users,
                 const MatrixView<const float>& item_halves, const int32_t* items, const MatrixView<float>& a);

// products(n, k) = user_rows(users[n], k) · item_rows(items[n], k)
void multiply_rows(const MatrixView<const float>& user_rows, const int32_t* users,
                   const MatrixView<const float>& item_rows, const int32_t* items, const MatrixView<float>& products);

// a = relu(a + bias)
void add_bias_and_relu(const float* bias, const MatrixView<float>& a);

// x[n] = features(n) · weights + bias, the sum in 16 lanes.
void output_unit(const MatrixView<const float>& features, const float* weights, float bias, float* x);

// g[n] = (σ(x[n]) - labels[n]) · scale; returns Σ of the log losses.
double log_loss(const float* x, const float* labels, int64_t count, float scale, float* g);

// sums[k] += Σ_n g[n] · features(n, k)
void add_weighted_rows(const float* g, const MatrixView<const float>& features, float* sums);

// sums[k] += Σ_n rows(n, k)
void add_rows(const MatrixView<const float>& rows, float* sums);

// dz(n, k) = g[n] · weights[k] where a(n, k) > 0, else 0
void output_gradient(const float* g, const float* weights, const MatrixView<const float>& a,
                     const MatrixView<float>& dz);

// dz(n, k) = 0 where not a(n, k) > 0
void relu_gradient(const MatrixView<const float>& a, const MatrixView<float>& dz);

// Which of the examples belong to each row of a block: those of row n are examples[starts[n]] …
// examples[starts[n+1]-1].
struct ExampleLists {
  const int32_t* starts;
  const int32_t* examples;
};

// sums(n, k) = Σ over the examples of n of rows(example, k)
void sum_examples(const ExampleLists& lists, const MatrixView<const float>& rows, const MatrixView<float>& sums);

// sums(n, k) = weights[k] · Σ over the examples of n of g[example] · rows(numbers[example], k)
void sum_weighted_examples(const ExampleLists& lists, const float* g, const int32_t* numbers,
                           const MatrixView<const float>& rows, const float* weights, const MatrixView<float>& sums);

// gradient(n, k) += share · (examples of n) · rows(n, k)
void add_penalty(const ExampleLists& lists, float share, const MatrixView<const float>& rows,
                 const MatrixView<float>& gradient);

// A step of Adam on rows ids[n] of tables as wide as `gradient`.
void adam_rows(const dense::AdamUpdate& update, const int32_t* ids, const MatrixView<const float>& gradient,
               float* parameters, float* mean, float* square);

// The same of SGD: row ids[n] of parameters -= learning_rate · gradient(n).
void sgd_rows(float learning_rate, const int32_t* ids, const MatrixView<const float>& gradient, float* parameters);

}  // namespace matinee::neural_cf
