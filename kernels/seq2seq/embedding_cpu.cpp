#include <algorithm>

#include "kernels/seq2seq/embedding.h"

namespace matinee::seq2seq {
namespace {

constexpr int64_t kTokensPerTask = 64;

}  // namespace

void embed_cpu(Context&, const TokenRows& tokens, const MatrixView<const float>& table,
               const MatrixView<float>& vectors) {
  for (int64_t row = 0; row < vectors.rows; ++row) {
    std::copy_n(table.row(tokens.tokens()[row]), table.columns, vectors.row(row));
  }
}

void embed_gradient_cpu(Context& context, const TokenRows& tokens, const MatrixView<const float>& gradient,
                        const MatrixView<float>& table_gradient) {
  parallel_blocks(context, tokens.different(), kTokensPerTask, [&](int64_t begin, int64_t end, int) {
    for (int64_t n = begin; n < end; ++n) {
      float* sums = table_gradient.row(tokens.different_tokens()[n]);
      for (int32_t at = tokens.row_starts()[n]; at < tokens.row_starts()[n + 1]; ++at) {
        const float* row = gradient.row(tokens.token_rows()[at]);
        for (int64_t column = 0; column < gradient.columns; ++column) sums[column] += row[column];
      }
    }
  });
}

}  // namespace matinee::seq2seq
