#include "kernels/seq2seq/embedding.h"

#include <algorithm>

#include "kernels/seq2seq/embedding_cuda.h"
#include "kernels/support/dispatch.h"

namespace matinee::seq2seq {

TokenRows::TokenRows(Context& context, int64_t most_rows, int64_t vocabulary)
    : most_rows_(most_rows),
      vocabulary_(vocabulary),
      counts_(static_cast<std::size_t>(vocabulary)),
      device_tokens_(context, most_rows),
      device_different_(context, most_rows),
      device_starts_(context, most_rows + 1),
      device_order_(context, most_rows) {}

void TokenRows::assign(Context& context, std::span<const int32_t> tokens) {
  if (static_cast<int64_t>(tokens.size()) > most_rows_) {
    fail(ErrorKind::kConfig, "{} tokens, where there is room for {}", tokens.size(), most_rows_);
  }
  different_.clear();
  for (const int32_t token : tokens) {
    if (token < 0 || token >= vocabulary_) {
      fail(ErrorKind::kConfig, "token {} of a vocabulary of {}", token, vocabulary_);
    }
  }
  for (const int32_t token : tokens) {
    if (counts_[static_cast<std::size_t>(token)]++ == 0) different_.push_back(token);
  }
  std::ranges::sort(different_);
  starts_.assign(1, 0);
  for (const int32_t token : different_) {
    int32_t& count = counts_[static_cast<std::size_t>(token)];
    starts_.push_back(starts_.back() + count);
    count = *(starts_.end() - 2);  // from here on where the token's next row goes
  }
  order_.resize(tokens.size());
  for (std::size_t row = 0; row < tokens.size(); ++row) {
    order_[static_cast<std::size_t>(counts_[static_cast<std::size_t>(tokens[row])]++)] = static_cast<int32_t>(row);
  }
  for (const int32_t token : different_) counts_[static_cast<std::size_t>(token)] = 0;
  device_tokens_.assign(context, tokens);
  device_different_.assign(context, different_);
  device_starts_.assign(context, starts_);
  device_order_.assign(context, order_);
}

void embed(Context& context, const TokenRows& tokens, const MatrixView<const float>& table,
           const MatrixView<float>& vectors) {
  if (vectors.rows != tokens.rows() || vectors.columns != table.columns) {
    fail(ErrorKind::kConfig, "embedding: {} tokens of {} dimensions into {} × {}", tokens.rows(), table.columns,
         vectors.rows, vectors.columns);
  }
  if (vectors.rows > 0) MATINEE_DISPATCH(context, embed, tokens, table, vectors);
}

void embed_gradient(Context& context, const TokenRows& tokens, const MatrixView<const float>& gradient,
                    const MatrixView<float>& table_gradient) {
  if (gradient.rows != tokens.rows() || gradient.columns != table_gradient.columns) {
    fail(ErrorKind::kConfig, "embedding: the gradient of {} tokens of {} dimensions is {} × {}", tokens.rows(),
         table_gradient.columns, gradient.rows, gradient.columns);
  }
  if (gradient.rows > 0) MATINEE_DISPATCH(context, embed_gradient, tokens, gradient, table_gradient);
}

}  // namespace matinee::seq2seq
