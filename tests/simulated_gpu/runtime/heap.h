#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace simulated_gpu {

// The memory that the simulated GPU can address: one reserved range of host addresses, taken from bottom to top. An
// address is never used twice, so that whatever outlives its allocation is found out.
enum class MemoryKind { kDevice, kPinned, kInternal };

struct Allocation {
  unsigned char* base = nullptr;
  size_t bytes = 0;
  MemoryKind kind = MemoryKind::kDevice;
  uint64_t number = 0;  // of all allocations, in order
  bool usable = true;   // false: allocated in stream order, and the stream has not come to it yet
};

class Heap {
 public:
  Heap();
  // Device memory is poisoned with 0xff (NaN, -1). Null where the device is full.
  unsigned char* allocate(size_t bytes, MemoryKind kind);
  // False: `base` does not start an allocation of this kind. Throws KernelError("guard") where the bytes behind it were
  // written.
  bool release(void* base, MemoryKind kind);

  bool contains(const void* address) const {
    return size_t(static_cast<const unsigned char*>(address) - base_) < kReserved;
  }
  // The allocation that contains the address, or null.
  const Allocation* find(const void* address) const;
  void set_usable(const void* base, bool usable);
  // Bytes from the address to the end of its allocation; 0 outside.
  size_t room(const void* address) const;
  // "byte 12 of the device buffer of 40 bytes (allocation 3)", "40 bytes behind ..." for messages.
  std::string describe(const void* address) const;
  bool was_freed(const void* address) const;

  size_t used() const { return used_; }  // device memory, without pinned
  size_t capacity() const { return capacity_; }
  std::vector<Allocation> live(MemoryKind kind) const;
  // Names of allocations whose guard was written, in order.
  std::vector<std::string> damaged_guards() const;
  uint64_t version() const { return version_; }  // changes with every allocation and release
  unsigned char* base() const { return base_; }

  static constexpr size_t kReserved = size_t{1} << 42;

 private:
  unsigned char* base_ = nullptr;
  size_t top_ = 0, used_ = 0, capacity_ = 0;
  uint64_t allocations_ = 0, version_ = 1;
};

inline Heap& heap() {
  static auto* the_heap = new Heap;  // lives as long as the process
  return *the_heap;
}
bool heap_in_use();  // false: nothing was ever allocated

}  // namespace simulated_gpu
