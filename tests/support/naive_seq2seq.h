#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include <Eigen/Dense>

#include "kernels/seq2seq/attention.h"
#include "kernels/seq2seq/token_loss.h"
#include "kernels/support/matrix_view.h"

// The operations of Seq2Seq in double, formula by formula, one sequence at a time, forward and backward.
namespace matinee::test {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Matrix random_matrix(uint64_t seed, uint64_t stream, int64_t rows, int64_t columns, double deviation = 1);
Matrix to_double(const MatrixView<const float>& matrix);
std::vector<float> to_float(const Matrix& matrix);

// `sequences` lengths from 1 to `longest`, falling; the first is the longest.
std::vector<int32_t> random_lengths(uint64_t seed, int64_t sequences, int32_t longest);

// |found - expected| over |expected|, by the largest numbers of each, the latter at least 0.1; NaN or another shape:
// infinite. For operands of size 1.
double relative_difference(const Matrix& found, const Matrix& expected);

// d of `value` by each number of `at`, by central differences.
Matrix by_differences(Matrix& at, const std::function<double()>& value);

struct NaiveLstm {
  Matrix w, r, b_w, b_r;  // (4 units × inputs), (4 units × units), (1 × 4 units) twice

  NaiveLstm(uint64_t seed, int64_t inputs, int64_t units);
  NaiveLstm(int64_t inputs, int64_t units);  // all 0
  int64_t units() const { return r.cols(); }
  std::vector<float> parameters() const;  // W, R, b_W, b_R
};

struct NaiveLstmRun {
  Matrix gates, cells, y;  // (steps × 4 units), (steps × units), (steps × units)
  Matrix h0, c0;           // (1 × units)

  Matrix last_h() const { return y.rows() > 0 ? Matrix(y.bottomRows(1)) : h0; }
  Matrix last_c() const { return cells.rows() > 0 ? Matrix(cells.bottomRows(1)) : c0; }
};

NaiveLstmRun naive_lstm(const NaiveLstm& layer, const Matrix& x, const Matrix& h0, const Matrix& c0);

struct NaiveLstmGradient {
  Matrix dx, dh0, dc0;
};

// Adds to `gradient`.
NaiveLstmGradient naive_lstm_gradient(const NaiveLstm& layer, const Matrix& x, const NaiveLstmRun& run,
                                      const Matrix& dy, const Matrix& dh_last, const Matrix& dc_last,
                                      NaiveLstm& gradient);

struct NaiveAttention {
  Matrix queries, keys, values, v;  // v: (1 × units)
};

Matrix naive_attention_weights(seq2seq::AttentionScore score, const NaiveAttention& operands);

// The gradient of each operand where that of weights · values is d_contexts.
NaiveAttention naive_attention_gradient(seq2seq::AttentionScore score, const NaiveAttention& operands,
                                        const Matrix& d_contexts);

double naive_token_loss(seq2seq::TokenLoss loss, const Matrix& logits, std::span<const int32_t> targets);
Matrix naive_token_gradient(seq2seq::TokenLoss loss, const Matrix& logits, std::span<const int32_t> targets);

}  // namespace matinee::test
