#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>

#include "kernels/support/context.h"

namespace matinee {

namespace detail {
// `bytes` zeroed bytes in the memory of the context's device, aligned to 64. Error(kMemory) where they do not fit.
std::shared_ptr<void> array_bytes(Context& context, int64_t bytes);
void copy_in(Context& context, void* array, const void* host, int64_t bytes);
void copy_out(Context& context, void* host, const void* array, int64_t bytes);
void clear_bytes(Context& context, void* array, int64_t bytes);
}  // namespace detail

// Owned numbers in the memory of the context's device, zeroed: host memory on the CPU. Operations whose views say "in
// the memory of the device" take its data(). It must not outlive the context; neither copied nor shared.
template <typename T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Array() = default;
  Array(Context& context, int64_t size) : size_(size), data_(detail::array_bytes(context, bytes(size))) {}
  Array(Array&&) noexcept = default;
  Array& operator=(Array&&) noexcept = default;
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;

  int64_t size() const { return size_; }
  T* data() { return static_cast<T*>(data_.get()); }
  const T* data() const { return static_cast<const T*>(data_.get()); }

  // The first values.size() numbers become `values`, which may be freed on return.
  void assign(Context& context, std::span<const T> values) {
    detail::copy_in(context, data_.get(), values.data(), static_cast<int64_t>(values.size_bytes()));
  }
  // Waits for what is being computed, then fills `values` with the first numbers.
  void fetch(Context& context, std::span<T> values) const {
    detail::copy_out(context, values.data(), data_.get(), static_cast<int64_t>(values.size_bytes()));
  }
  void clear(Context& context) { detail::clear_bytes(context, data_.get(), bytes(size_)); }

 private:
  static int64_t bytes(int64_t size) { return size * static_cast<int64_t>(sizeof(T)); }

  int64_t size_ = 0;
  std::shared_ptr<void> data_;
};

}  // namespace matinee
