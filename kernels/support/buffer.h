#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>

namespace matinee {

inline constexpr std::size_t kBufferAlignment = 64;  // a cache line, an AVX-512 register

// Zeroed memory at a multiple of kBufferAlignment. Where it is much, on huge pages if the system has them: rows read in
// random order miss the TLB on small ones. Throws std::bad_alloc.
void* allocate_zeroed(std::size_t bytes);
void release_memory(void* memory);

// Owned memory for `size` numbers, zeroed, as allocate_zeroed() gives it.
template <typename T>
class Buffer {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Buffer() = default;
  explicit Buffer(int64_t size) : size_(size) {
    if (size == 0) return;
    data_.reset(static_cast<T*>(allocate_zeroed(static_cast<std::size_t>(size) * sizeof(T))));
  }

  int64_t size() const { return size_; }
  T* data() { return data_.get(); }
  const T* data() const { return data_.get(); }
  T& operator[](int64_t index) { return data_.get()[index]; }
  const T& operator[](int64_t index) const { return data_.get()[index]; }
  std::span<T> span() { return {data_.get(), static_cast<std::size_t>(size_)}; }
  std::span<const T> span() const { return {data_.get(), static_cast<std::size_t>(size_)}; }

 private:
  struct Release {
    void operator()(T* data) const { release_memory(data); }
  };
  std::unique_ptr<T, Release> data_;
  int64_t size_ = 0;
};

}  // namespace matinee
