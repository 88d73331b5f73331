#pragma once

#include "kernels/support/context.h"
#include "kernels/support/error.h"

namespace matinee::detail {
template <typename... Operands>
[[noreturn]] void refuse_cuda(const Operands&...) {
  fail(ErrorKind::kDevice, "this build has no CUDA backend: run with --device cpu");
}
}  // namespace matinee::detail

// Calls operation_cpu(context, …) or operation_cuda(context, …), after the device of the context. A build without the
// CUDA backend has no context of a CUDA device, and so no second call.
#ifdef MATINEE_HAS_CUDA
#define MATINEE_DISPATCH(context, operation, ...) \
  ((context).on_cuda() ? operation##_cuda((context), __VA_ARGS__) : operation##_cpu((context), __VA_ARGS__))
// Calls operation_cuda(…), where an operand lies on the device already.
#define MATINEE_ON_CUDA(operation, ...) operation##_cuda(__VA_ARGS__)
#else
#define MATINEE_ON_CUDA(operation, ...) ::matinee::detail::refuse_cuda(__VA_ARGS__)
#define MATINEE_DISPATCH(context, operation, ...) operation##_cpu((context), __VA_ARGS__)
#endif
