#include "check/shadow.h"

#include <cstring>

#include "execution/reserve.h"
#include "runtime/heap.h"

namespace simulated_gpu {
namespace {

uint8_t* written = nullptr;

}  // namespace

void shadow_enable() {
  if (!written) written = reserve<uint8_t>(Heap::kReserved);
}

bool shadow_enabled() {
  return written != nullptr;
}

uint8_t* shadow_of(const void* address) {
  return written + (static_cast<const unsigned char*>(address) - heap().base());
}

void shadow_mark_written(const void* address, size_t bytes) {
  if (written && heap().contains(address)) std::memset(shadow_of(address), 1, bytes);
}

void shadow_forget(const void* address, size_t bytes) {
  if (written && heap().contains(address)) drop_pages(shadow_of(address), bytes);
}

void shadow_copy(const void* to, const void* from, size_t bytes) {
  if (!written || !heap().contains(to)) return;
  if (heap().contains(from)) {
    std::memmove(shadow_of(to), shadow_of(from), bytes);
  } else {
    std::memset(shadow_of(to), 1, bytes);
  }
}

}  // namespace simulated_gpu
