#include "tests/support/naive_seq2seq.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/support/philox.h"

namespace matinee::test {
namespace {

double logistic(double x) {
  return 1 / (1 + std::exp(-x));
}

}  // namespace

Matrix random_matrix(uint64_t seed, uint64_t stream, int64_t rows, int64_t columns, double deviation) {
  const Philox draws(seed, stream);
  Matrix result(rows, columns);
  // Numbers that float can hold: the reference and what it checks start from the same.
  for (int64_t n = 0; n < result.size(); ++n) {
    result.data()[n] = static_cast<double>(static_cast<float>(deviation * normal(draws, static_cast<uint64_t>(n))));
  }
  return result;
}

Matrix to_double(const MatrixView<const float>& matrix) {
  Matrix result(matrix.rows, matrix.columns);
  for (int64_t row = 0; row < matrix.rows; ++row) {
    for (int64_t column = 0; column < matrix.columns; ++column) {
      result(row, column) = static_cast<double>(matrix(row, column));
    }
  }
  return result;
}

std::vector<float> to_float(const Matrix& matrix) {
  std::vector<float> result(static_cast<std::size_t>(matrix.size()));
  std::ranges::transform(std::span(matrix.data(), result.size()), result.begin(),
                         [](double number) { return static_cast<float>(number); });
  return result;
}

std::vector<int32_t> random_lengths(uint64_t seed, int64_t sequences, int32_t longest) {
  const Philox draws(seed, 77);
  std::vector<int32_t> lengths;
  for (int64_t n = 0; n < sequences; ++n) {
    lengths.push_back(1 + static_cast<int32_t>(draws.below(static_cast<uint64_t>(n), static_cast<uint64_t>(longest))));
  }
  std::ranges::sort(lengths, std::greater());
  if (sequences > 0) lengths.front() = longest;
  return lengths;
}

double relative_difference(const Matrix& found, const Matrix& expected) {
  if (found.rows() != expected.rows() || found.cols() != expected.cols() || !found.allFinite()) {
    return std::numeric_limits<double>::infinity();
  }
  constexpr double kLeastSize = 0.1;  // operands are of size 1: what is smaller is what rounding left of a difference
  if (found.size() == 0) return 0;
  return (found - expected).cwiseAbs().maxCoeff() / std::max(expected.cwiseAbs().maxCoeff(), kLeastSize);
}

Matrix by_differences(Matrix& at, const std::function<double()>& value) {
  constexpr double kStep = 1e-5;
  Matrix result(at.rows(), at.cols());
  for (int64_t n = 0; n < at.size(); ++n) {
    const double there = at.data()[n];
    at.data()[n] = there + kStep;
    const double above = value();
    at.data()[n] = there - kStep;
    const double below = value();
    at.data()[n] = there;
    result.data()[n] = (above - below) / (2 * kStep);
  }
  return result;
}

NaiveLstm::NaiveLstm(uint64_t seed, int64_t inputs, int64_t units)
    : w(random_matrix(seed, 1, 4 * units, inputs, 0.5)),
      r(random_matrix(seed, 2, 4 * units, units, 1 / std::sqrt(static_cast<double>(units)))),
      b_w(random_matrix(seed, 3, 1, 4 * units, 0.3)),
      b_r(random_matrix(seed, 4, 1, 4 * units, 0.3)) {}

NaiveLstm::NaiveLstm(int64_t inputs, int64_t units)
    : w(Matrix::Zero(4 * units, inputs)),
      r(Matrix::Zero(4 * units, units)),
      b_w(Matrix::Zero(1, 4 * units)),
      b_r(Matrix::Zero(1, 4 * units)) {}

std::vector<float> NaiveLstm::parameters() const {
  std::vector<float> result;
  for (const Matrix* part : {&w, &r, &b_w, &b_r}) {
    const std::vector<float> numbers = to_float(*part);
    result.insert(result.end(), numbers.begin(), numbers.end());
  }
  return result;
}

NaiveLstmRun naive_lstm(const NaiveLstm& layer, const Matrix& x, const Matrix& h0, const Matrix& c0) {
  const int64_t units = layer.units();
  NaiveLstmRun run{Matrix(x.rows(), 4 * units), Matrix(x.rows(), units), Matrix(x.rows(), units), h0, c0};
  Matrix h = h0, c = c0;
  for (int64_t step = 0; step < x.rows(); ++step) {
    Matrix a = x.row(step) * layer.w.transpose() + h * layer.r.transpose() + layer.b_w + layer.b_r;
    for (int64_t n = 0; n < a.size(); ++n) a(0, n) = n / units == 2 ? std::tanh(a(0, n)) : logistic(a(0, n));
    for (int64_t n = 0; n < units; ++n) {
      c(0, n) = a(0, units + n) * c(0, n) + a(0, n) * a(0, 2 * units + n);
      h(0, n) = a(0, 3 * units + n) * std::tanh(c(0, n));
    }
    run.gates.row(step) = a;
    run.cells.row(step) = c;
    run.y.row(step) = h;
  }
  return run;
}

NaiveLstmGradient naive_lstm_gradient(const NaiveLstm& layer, const Matrix& x, const NaiveLstmRun& run,
                                      const Matrix& dy, const Matrix& dh_last, const Matrix& dc_last,
                                      NaiveLstm& gradient) {
  const int64_t units = layer.units();
  NaiveLstmGradient result{Matrix(x.rows(), x.cols()), dh_last, dc_last};
  Matrix &dh = result.dh0, &dc = result.dc0;
  for (int64_t step = x.rows() - 1; step >= 0; --step) {
    const Matrix h_before = step > 0 ? Matrix(run.y.row(step - 1)) : run.h0;
    const Matrix c_before = step > 0 ? Matrix(run.cells.row(step - 1)) : run.c0;
    dh += dy.row(step);
    Matrix da(1, 4 * units);
    for (int64_t n = 0; n < units; ++n) {
      const double i = run.gates(step, n), f = run.gates(step, units + n), g = run.gates(step, 2 * units + n);
      const double o = run.gates(step, 3 * units + n), t = std::tanh(run.cells(step, n));
      const double cell = dc(0, n) + dh(0, n) * o * (1 - t * t);
      da(0, n) = cell * g * i * (1 - i);
      da(0, units + n) = cell * c_before(0, n) * f * (1 - f);
      da(0, 2 * units + n) = cell * i * (1 - g * g);
      da(0, 3 * units + n) = dh(0, n) * t * o * (1 - o);
      dc(0, n) = cell * f;
    }
    gradient.w += da.transpose() * x.row(step);
    gradient.r += da.transpose() * h_before;
    gradient.b_w += da;
    gradient.b_r += da;
    result.dx.row(step) = da * layer.w;
    dh = da * layer.r;
  }
  return result;
}

Matrix naive_attention_weights(seq2seq::AttentionScore score, const NaiveAttention& operands) {
  Matrix weights(operands.queries.rows(), operands.keys.rows());
  for (int64_t t = 0; t < weights.rows(); ++t) {
    for (int64_t s = 0; s < weights.cols(); ++s) {
      const Eigen::RowVectorXd q = operands.queries.row(t), k = operands.keys.row(s);
      weights(t, s) =
          score == seq2seq::AttentionScore::kDot ? q.dot(k) : operands.v.row(0).dot((q + k).array().tanh().matrix());
    }
    const Eigen::RowVectorXd powers = (weights.row(t).array() - weights.row(t).maxCoeff()).exp();
    weights.row(t) = powers / powers.sum();
  }
  return weights;
}

NaiveAttention naive_attention_gradient(seq2seq::AttentionScore score, const NaiveAttention& operands,
                                        const Matrix& d_contexts) {
  const Matrix weights = naive_attention_weights(score, operands);
  NaiveAttention result{Matrix::Zero(operands.queries.rows(), operands.queries.cols()),
                        Matrix::Zero(operands.keys.rows(), operands.keys.cols()), weights.transpose() * d_contexts,
                        Matrix::Zero(operands.v.rows(), operands.v.cols())};
  const Matrix d_weights = d_contexts * operands.values.transpose();
  for (int64_t t = 0; t < weights.rows(); ++t) {
    const double mean = weights.row(t).dot(d_weights.row(t));
    for (int64_t s = 0; s < weights.cols(); ++s) {
      const double d_score = weights(t, s) * (d_weights(t, s) - mean);
      if (score == seq2seq::AttentionScore::kDot) {
        result.queries.row(t) += d_score * operands.keys.row(s);
        result.keys.row(s) += d_score * operands.queries.row(t);
        continue;
      }
      const Eigen::RowVectorXd squashed = (operands.queries.row(t) + operands.keys.row(s)).array().tanh();
      const Eigen::RowVectorXd d_sum = d_score * operands.v.row(0).array() * (1 - squashed.array().square());
      result.v.row(0) += d_score * squashed;
      result.queries.row(t) += d_sum;
      result.keys.row(s) += d_sum;
    }
  }
  return result;
}

double naive_token_loss(seq2seq::TokenLoss loss, const Matrix& logits, std::span<const int32_t> targets) {
  double sum = 0;
  for (int64_t row = 0; row < logits.rows(); ++row) {
    const int64_t target = targets[static_cast<std::size_t>(row)];
    if (loss == seq2seq::TokenLoss::kSoftmax) {
      const double top = logits.row(row).maxCoeff();
      sum += std::log((logits.row(row).array() - top).exp().sum()) + top - logits(row, target);
      continue;
    }
    for (int64_t n = 0; n < logits.cols(); ++n) {
      const double x = logits(row, n);
      sum += (std::max(x, 0.0) + std::log1p(std::exp(-std::abs(x))) - (n == target ? x : 0)) /
             static_cast<double>(logits.cols());
    }
  }
  return sum;
}

Matrix naive_token_gradient(seq2seq::TokenLoss loss, const Matrix& logits, std::span<const int32_t> targets) {
  Matrix result(logits.rows(), logits.cols());
  for (int64_t row = 0; row < logits.rows(); ++row) {
    const int64_t target = targets[static_cast<std::size_t>(row)];
    if (loss == seq2seq::TokenLoss::kSoftmax) {
      const Eigen::RowVectorXd powers = (logits.row(row).array() - logits.row(row).maxCoeff()).exp();
      result.row(row) = powers / powers.sum();
      result(row, target) -= 1;
      continue;
    }
    for (int64_t n = 0; n < logits.cols(); ++n) {
      result(row, n) = (logistic(logits(row, n)) - (n == target ? 1 : 0)) / static_cast<double>(logits.cols());
    }
  }
  return result;
}

}  // namespace matinee::test
