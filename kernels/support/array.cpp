#include "kernels/support/array.h"

#include <cstring>
#include <new>

#include "kernels/support/array_cuda.h"
#include "kernels/support/buffer.h"
#include "kernels/support/dispatch.h"

namespace matinee::detail {
namespace {

std::shared_ptr<void> array_bytes_cpu(Context&, int64_t bytes) {
  const auto buffer = std::make_shared<Buffer<std::byte>>(bytes);
  return {buffer, buffer->data()};
}

void copy_in_cpu(Context&, void* array, const void* host, int64_t bytes) {
  if (bytes > 0) std::memcpy(array, host, static_cast<std::size_t>(bytes));
}

void copy_out_cpu(Context&, void* host, const void* array, int64_t bytes) {
  if (bytes > 0) std::memcpy(host, array, static_cast<std::size_t>(bytes));
}

void clear_bytes_cpu(Context&, void* array, int64_t bytes) {
  if (bytes > 0) std::memset(array, 0, static_cast<std::size_t>(bytes));
}

}  // namespace

std::shared_ptr<void> array_bytes(Context& context, int64_t bytes) {
  return MATINEE_DISPATCH(context, array_bytes, bytes);
}

void copy_in(Context& context, void* array, const void* host, int64_t bytes) {
  MATINEE_DISPATCH(context, copy_in, array, host, bytes);
}

void copy_out(Context& context, void* host, const void* array, int64_t bytes) {
  MATINEE_DISPATCH(context, copy_out, host, array, bytes);
}

void clear_bytes(Context& context, void* array, int64_t bytes) {
  MATINEE_DISPATCH(context, clear_bytes, array, bytes);
}

}  // namespace matinee::detail
