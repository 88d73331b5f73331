#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/support/array.h"
#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::seq2seq {

// The tokens of a batch, row by row, and which rows each different one stands in: what the gradient of an embedding
// adds up. Rows of a token rise.
class TokenRows {
 public:
  TokenRows() = default;
  // Room for so many rows; tokens are 0 .. vocabulary-1.
  TokenRows(Context& context, int64_t most_rows, int64_t vocabulary);

  // Error(kConfig) for tokens outside the vocabulary or more than there is room for.
  void assign(Context& context, std::span<const int32_t> tokens);

  int64_t rows() const { return static_cast<int64_t>(order_.size()); }
  int64_t different() const { return static_cast<int64_t>(different_.size()); }
  // In the memory of the device.
  const int32_t* tokens() const { return device_tokens_.data(); }               // (rows)
  const int32_t* different_tokens() const { return device_different_.data(); }  // (different), rising
  const int32_t* row_starts() const { return device_starts_.data(); }           // (different + 1): into …
  const int32_t* token_rows() const { return device_order_.data(); }            // … (rows), by token

 private:
  int64_t most_rows_ = 0, vocabulary_ = 0;
  std::vector<int32_t> counts_;  // by token; 0 between calls
  std::vector<int32_t> different_, starts_, order_;
  Array<int32_t> device_tokens_, device_different_, device_starts_, device_order_;
};

// vectors (rows × dimensions) = the rows of `table` (vocabulary × dimensions) of the tokens. Reads and writes 4 bytes a
// number.
void embed(Context& context, const TokenRows& tokens, const MatrixView<const float>& table,
           const MatrixView<float>& vectors);

// table_gradient (vocabulary × dimensions) += the rows of `gradient` (rows × dimensions) at their tokens, those of a
// token in rising order: the same bits for any number of threads and on CUDA.
void embed_gradient(Context& context, const TokenRows& tokens, const MatrixView<const float>& gradient,
                    const MatrixView<float>& table_gradient);

void embed_cpu(Context& context, const TokenRows& tokens, const MatrixView<const float>& table,
               const MatrixView<float>& vectors);
void embed_gradient_cpu(Context& context, const TokenRows& tokens, const MatrixView<const float>& gradient,
                        const MatrixView<float>& table_gradient);

}  // namespace matinee::seq2seq
