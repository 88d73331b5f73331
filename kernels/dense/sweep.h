#pragma once

#include <cstdint>

#include "kernels/support/context.h"
#include "kernels/support/matrix_view.h"

namespace matinee::dense {

inline constexpr int64_t kMostPivots = 256;  // of one call

// The sweep operator (Goodnight, "A tutorial on the SWEEP operator", The American Statistician 33, 1979) on the pivots
// first .. first+count-1 of a symmetric matrix A (n × n): with K those rows and R all others,
//   A_RR -= A_RK A_KK⁻¹ A_KR     A_RK = A_RK A_KK⁻¹     A_KK = -A_KK⁻¹.
// Once every row has been a pivot, in whatever blocks, A has become -A⁻¹. Of `matrix` the lower triangle is read and
// written, the diagonal included; what stands above it is lost. A call takes n² count flops, all of them n³: as
// many as Cholesky's inverse. Sums are of single precision, blocks of pivots are inverted in double: the relative error
// is about 1e-7 times the condition of A scaled to a diagonal of ones. The same bits for any number of threads. Runs on
// the CPU whatever the device. Error(kConfig) where the matrix is not square or has no such pivots, Error(kInput) where
// the pivots are not positive definite within rounding.
void sweep(Context& context, MatrixView<float> matrix, int64_t first, int64_t count);

// Bytes beside the matrix.
int64_t sweep_bytes(int64_t rows, int threads);

}  // namespace matinee::dense
