#include "kernels/dense/bias_cuda.h"
#include "kernels/dense/matrix_product_cuda.h"
#include "kernels/support/cublas_library.cuh"
#include "kernels/support/cuda_check.cuh"
#include "kernels/support/cuda_resources.cuh"
#include "kernels/support/library_int.cuh"

namespace matinee::dense {
namespace {

int to_int(int64_t size) {
  return library_int(size, "a product of matrices");
}

cublasOperation_t operation(const Factor& factor) {
  return factor.transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
}

int leading(const MatrixView<const float>& matrix) {
  return to_int(matrix.stride > 0 ? matrix.stride : 1);
}

cublasComputeType_t compute_type(Precision precision) {
  switch (precision) {
    case Precision::kTf32:
      return CUBLAS_COMPUTE_32F_FAST_TF32;
    case Precision::kFp16:
      return CUBLAS_COMPUTE_32F_FAST_16F;
    default:
      return CUBLAS_COMPUTE_32F;
  }
}

}  // namespace

// cuBLAS is column-major: what lies row-major in memory is its transpose there, and Cᵀ = Bᵀ Aᵀ.
void matrix_product_cuda(Context& context, const Factor& a, const Factor& b, bool accumulate,
                         const MatrixView<float>& c) {
  CudaResources& cuda = context.cuda();
  const float one = 1.0f, rest = accumulate ? 1.0f : 0.0f;
  if (a.columns() == 0) {
    if (accumulate) return;
    check_cuda(cudaMemset2DAsync(c.data, static_cast<std::size_t>(c.stride) * sizeof(float), 0,
                                 static_cast<std::size_t>(c.columns) * sizeof(float), static_cast<std::size_t>(c.rows),
                                 cuda.stream()),
               "cudaMemset2DAsync");
    return;
  }
  check_cublas(cublas().gemm_ex(cuda.blas(), operation(b), operation(a), to_int(c.columns), to_int(c.rows),
                                to_int(a.columns()), &one, b.matrix.data, CUDA_R_32F, leading(b.matrix), a.matrix.data,
                                CUDA_R_32F, leading(a.matrix), &rest, c.data, CUDA_R_32F, to_int(c.stride),
                                compute_type(context.precision()), CUBLAS_GEMM_DEFAULT),
               "cublasGemmEx");
}

void matrix_product_plus_row_cuda(Context& context, const Factor& a, const Factor& b, const float* row,
                                  const MatrixView<float>& c) {
  fill_rows_cuda(context, row, c);
  matrix_product_cuda(context, a, b, true, c);
}

}  // namespace matinee::dense
