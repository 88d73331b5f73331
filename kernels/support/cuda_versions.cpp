#include "kernels/support/cuda_versions.h"

namespace matinee {

#ifdef MATINEE_HAS_CUDA
CudaVersions query_cuda_versions();  // cuda_versions_cuda.cu
#endif

CudaVersions cuda_versions() {
#ifdef MATINEE_HAS_CUDA
  return query_cuda_versions();
#else
  return {};
#endif
}

}  // namespace matinee
