#include "libraries/cublas/gemm.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "libraries/cublas/handle.h"
#include "libraries/cublas/number_types.h"
#include "libraries/cublas/product.h"
#include "runtime/library_support.h"

namespace simulated_gpu::cublas {
namespace {

bool is_integer(cublasComputeType_t compute) {
  return compute == CUBLAS_COMPUTE_32I || compute == CUBLAS_COMPUTE_32I_PEDANTIC;
}

// The table of supported types of cublasGemmEx, real types.
cublasStatus_t check_types(const Gemm& request) {
  const cudaDataType a = request.a.type, c = request.c.type;
  if (request.b.type != a) return CUBLAS_STATUS_NOT_SUPPORTED;
  const auto either = [&](bool documented) { return documented ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_NOT_SUPPORTED; };
  switch (request.compute) {
    case CUBLAS_COMPUTE_32I:
    case CUBLAS_COMPUTE_32I_PEDANTIC:
      return either(a == CUDA_R_8I && c == CUDA_R_32I);
    case CUBLAS_COMPUTE_32F:
    case CUBLAS_COMPUTE_32F_PEDANTIC:
      return either((a == CUDA_R_32F && c == CUDA_R_32F) || (a == CUDA_R_8I && c == CUDA_R_32F) ||
                    ((a == CUDA_R_16F || a == CUDA_R_16BF) && (c == a || c == CUDA_R_32F)));
    case CUBLAS_COMPUTE_32F_FAST_16F:
    case CUBLAS_COMPUTE_32F_FAST_16BF:
    case CUBLAS_COMPUTE_32F_FAST_TF32:
      return either(a == CUDA_R_32F && c == CUDA_R_32F);
    default:  // documented, and not in this stand-in: never to be taken for cuBLAS's own refusal
      simulated_gpu_stop_unsupported("this compute type of cublasGemmEx");
      return CUBLAS_STATUS_NOT_SUPPORTED;
  }
}

bool is_aligned(const Operand& x, size_t bytes) {
  return reinterpret_cast<size_t>(x.data) % bytes == 0;
}

// 8-bit integers need what the IMMA kernels need: some GPUs have others for more, none of them all.
bool fits_integer_kernels(const Gemm& request) {
  const Operand* operands[] = {&request.a, &request.b, &request.c};
  const bool layouts = std::all_of(std::begin(operands), std::end(operands), [&](const Operand* x) {
    return is_aligned(*x, 4) && x->leading % 4 == 0 && (x->stride * int64_t(bytes_of(x->type))) % 4 == 0;
  });
  return layouts && request.m % 4 == 0 && request.k % 4 == 0;
}

struct Shape {
  int64_t rows, columns;
};
Shape stored_a(const Gemm& r) {
  return r.transpose_a == CUBLAS_OP_N ? Shape{r.m, r.k} : Shape{r.k, r.m};
}
Shape stored_b(const Gemm& r) {
  return r.transpose_b == CUBLAS_OP_N ? Shape{r.k, r.n} : Shape{r.n, r.k};
}

// Bytes from the start of one matrix to the end of its last column.
size_t extent(const Operand& x, Shape shape) {
  if (shape.rows == 0 || shape.columns == 0) return 0;
  return size_t((shape.columns - 1) * x.leading + shape.rows) * bytes_of(x.type);
}

bool has_room(const Operand& x, Shape shape, int64_t batch) {
  const size_t before = size_t(std::max<int64_t>(0, x.stride) * (batch - 1)) * bytes_of(x.type);
  const size_t needed = extent(x, shape);
  return needed == 0 || (is_aligned(x, bytes_of(x.type)) && simulated_gpu_room(x.data) >= before + needed);
}

cublasStatus_t check_shape(const Gemm& r) {
  const bool operations = r.transpose_a <= CUBLAS_OP_C && r.transpose_b <= CUBLAS_OP_C;
  if (!operations || r.m < 0 || r.n < 0 || r.k < 0 || r.batch < 0) return CUBLAS_STATUS_INVALID_VALUE;
  const int64_t one = 1;
  if (r.a.leading < std::max(one, stored_a(r).rows) || r.b.leading < std::max(one, stored_b(r).rows) ||
      r.c.leading < std::max(one, r.m) || !r.alpha || !r.beta) {
    return CUBLAS_STATUS_INVALID_VALUE;
  }
  return CUBLAS_STATUS_SUCCESS;
}

// What the real library would find out by a fault on the device.
[[nodiscard]] std::string find_fault(const Gemm& r) {
  if (!has_room(r.a, stored_a(r), r.batch)) return "A";
  if (!has_room(r.b, stored_b(r), r.batch)) return "B";
  if (!has_room(r.c, {r.m, r.n}, r.batch)) return "C";
  if (r.batch > 1 && size_t(r.c.stride) * bytes_of(r.c.type) < extent(r.c, {r.m, r.n})) return "C (its batch overlaps)";
  return "";
}

struct Job {
  Gemm request;
  Rounding rounding;
  bool scalars_on_device;
  unsigned char alpha[8], beta[8];
  void* workspace;
  size_t workspace_bytes;
};

Rounding rounding_of(const Gemm& request, cublasMath_t math) {
  switch (request.compute) {
    case CUBLAS_COMPUTE_32F_FAST_16F:
      return Rounding::kHalf;
    case CUBLAS_COMPUTE_32F_FAST_16BF:
      return Rounding::kBfloat16;
    case CUBLAS_COMPUTE_32F_FAST_TF32:
      return Rounding::kTf32;
    case CUBLAS_COMPUTE_32F:
      return (math & 0xf) == CUBLAS_TF32_TENSOR_OP_MATH ? Rounding::kTf32 : Rounding::kNone;
    default:
      return Rounding::kNone;
  }
}

template <typename T>
T scalar(const unsigned char* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

// Every column is checked by itself: between the columns there may be what is no part of the matrix.
template <typename Check>
void each_column(const Operand& x, Shape shape, int64_t index, Check check) {
  const size_t size = bytes_of(x.type);
  for (int64_t column = 0; column < shape.columns; ++column) {
    auto* start = static_cast<const unsigned char*>(x.data) + size_t(index * x.stride + column * x.leading) * size;
    check(start, size_t(shape.rows) * size);
  }
}

bool is_zero(const Job& job) {
  return is_integer(job.request.compute) ? scalar<int32_t>(job.beta) == 0 : scalar<float>(job.beta) == 0;
}

void run_one(const Job& job, int64_t index) {
  const Gemm& r = job.request;
  const auto reads = [&](const unsigned char* start, size_t bytes) { simulated_gpu_reads(start, bytes, r.name); };
  each_column(r.a, stored_a(r), index, reads);
  each_column(r.b, stored_b(r), index, reads);
  if (!is_zero(job)) each_column(r.c, {r.m, r.n}, index, reads);
  each_column(r.c, {r.m, r.n}, index, [&](const unsigned char* start, size_t bytes) {
    simulated_gpu_writes(const_cast<unsigned char*>(start), bytes, r.name);
  });
  if (is_integer(r.compute)) {
    multiply_integers(r, index, scalar<int32_t>(job.alpha), scalar<int32_t>(job.beta));
  } else {
    multiply_floats(r, index, scalar<float>(job.alpha), scalar<float>(job.beta), job.rounding);
  }
}

void run(void* argument) {
  auto& job = *static_cast<Job*>(argument);
  if (job.scalars_on_device) {
    simulated_gpu_reads(job.request.alpha, 4, job.request.name);
    simulated_gpu_reads(job.request.beta, 4, job.request.name);
    std::memcpy(job.alpha, job.request.alpha, 4);
    std::memcpy(job.beta, job.request.beta, 4);
  }
  // Whoever uses the workspace for something else at the same time finds it spoilt.
  if (job.workspace_bytes > 0) {
    simulated_gpu_writes(job.workspace, job.workspace_bytes, "cuBLAS workspace");
    std::memset(job.workspace, 0xff, job.workspace_bytes);
  }
  for (int64_t index = 0; index < job.request.batch; ++index) run_one(job, index);
}

}  // namespace

cublasStatus_t gemm(cublasHandle_t handle, const Gemm& request) {
  if (!is_live(handle)) return CUBLAS_STATUS_NOT_INITIALIZED;
  if (const cublasStatus_t status = check_shape(request); status != CUBLAS_STATUS_SUCCESS) return status;
  if (const cublasStatus_t status = check_types(request); status != CUBLAS_STATUS_SUCCESS) return status;
  if (request.m == 0 || request.n == 0 || request.batch == 0) return CUBLAS_STATUS_SUCCESS;
  if (is_integer(request.compute) && !fits_integer_kernels(request)) return CUBLAS_STATUS_NOT_SUPPORTED;
  const std::string fault = find_fault(request);
  if (!fault.empty()) {
    simulated_gpu_add_finding("out-of-bounds", (std::string(request.name) + ": operand " + fault +
                                                " is misaligned or does not lie in one allocation")
                                                   .c_str());
    return CUBLAS_STATUS_EXECUTION_FAILED;
  }
  auto* job = new Job{request,
                      rounding_of(request, handle->math),
                      handle->pointers == CUBLAS_POINTER_MODE_DEVICE,
                      {},
                      {},
                      handle->workspace,
                      handle->workspace_bytes};
  if (!job->scalars_on_device) {
    std::memcpy(job->alpha, request.alpha, 4);
    std::memcpy(job->beta, request.beta, 4);
  }
  const cudaError_t error = simulated_gpu_enqueue(
      handle->stream, request.name, run, [](void* done) { delete static_cast<Job*>(done); }, job);
  return error == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

}  // namespace simulated_gpu::cublas
