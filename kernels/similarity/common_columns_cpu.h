#pragma once

#include "kernels/similarity/common_columns.h"

namespace matinee::similarity {

// As common_columns(), of checked operands.
void common_columns_cpu(Context& context, SparseView rows, SparseView columns, std::span<const int32_t> chosen,
                        MatrixView<float> counts);

}  // namespace matinee::similarity
