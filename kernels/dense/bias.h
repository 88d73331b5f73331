#pragma once

#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

// The bias of a dense layer; operands lie in the memory of the context's device.
namespace matinee::dense {

// Each row of `matrix` becomes `row` (columns).
void fill_rows(Context& context, const float* row, const MatrixView<float>& matrix);

// sums (columns) += the sum of the rows of `matrix`, added up in the order of rows within pieces of kSummedRows, then
// in the order of pieces: the same bits for any number of threads.
void add_column_sums(Context& context, const MatrixView<const float>& matrix, float* sums);

inline constexpr int64_t kSummedRows = 64;

void fill_rows_cpu(Context& context, const float* row, const MatrixView<float>& matrix);
void add_column_sums_cpu(Context& context, const MatrixView<const float>& matrix, float* sums);

}  // namespace matinee::dense
