#pragma once

#include "kernels/support/array.h"

namespace matinee::detail {

// The same on CUDA.
std::shared_ptr<void> array_bytes_cuda(Context& context, int64_t bytes);
void copy_in_cuda(Context& context, void* array, const void* host, int64_t bytes);
void copy_out_cuda(Context& context, void* host, const void* array, int64_t bytes);
void clear_bytes_cuda(Context& context, void* array, int64_t bytes);

}  // namespace matinee::detail
