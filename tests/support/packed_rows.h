#pragma once

#include <vector>

#include "kernels/seq2seq/packed_batch.h"
#include "tests/support/naive_seq2seq.h"

namespace matinee::test {

// Rows of sequence `sequence` of a matrix in the order of a PackedBatch, and back.
inline Matrix rows_of_sequence(const seq2seq::PackedBatch& batch, int64_t sequence, const Matrix& rows) {
  Matrix result(batch.lengths()[static_cast<std::size_t>(sequence)], rows.cols());
  for (int64_t step = 0; step < result.rows(); ++step) {
    result.row(step) = rows.row(batch.offsets()[static_cast<std::size_t>(step)] + sequence);
  }
  return result;
}

inline void put_rows_of_sequence(const seq2seq::PackedBatch& batch, int64_t sequence, const Matrix& own, Matrix& rows) {
  for (int64_t step = 0; step < own.rows(); ++step) {
    rows.row(batch.offsets()[static_cast<std::size_t>(step)] + sequence) = own.row(step);
  }
}

// A matrix in the memory of a context's device.
class DeviceRows {
 public:
  DeviceRows(Context& context, const Matrix& numbers)
      : context_(context), rows_(numbers.rows()), columns_(numbers.cols()), array_(context, numbers.size()) {
    const std::vector<float> values = to_float(numbers);
    array_.assign(context, values);
  }
  MatrixView<float> view() { return {array_.data(), rows_, columns_, columns_}; }
  Matrix numbers() const {
    std::vector<float> values(static_cast<std::size_t>(array_.size()));
    array_.fetch(context_, values);
    return to_double({values.data(), rows_, columns_, columns_});
  }

 private:
  Context& context_;
  int64_t rows_, columns_;
  Array<float> array_;
};

}  // namespace matinee::test
