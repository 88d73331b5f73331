#pragma once

#include "kernels/seq2seq/embedding.h"

namespace matinee::seq2seq {

// The same on CUDA; there are tokens.
void embed_cuda(Context& context, const TokenRows& tokens, const MatrixView<const float>& table,
                const MatrixView<float>& vectors);
void embed_gradient_cuda(Context& context, const TokenRows& tokens, const MatrixView<const float>& gradient,
                         const MatrixView<float>& table_gradient);

}  // namespace matinee::seq2seq
