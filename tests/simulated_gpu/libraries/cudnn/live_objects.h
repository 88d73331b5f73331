#pragma once

namespace simulated_gpu::cudnn {

// Handles and descriptors that were created and not yet destroyed. Those left at exit are leaks.
void add_live(const void* object, const char* kind);
bool remove_live(const void* object, const char* kind);  // false: none of this kind
bool is_live(const void* object, const char* kind);

// T::kKind names what T is.
template <typename T>
T* make_live() {
  T* object = new T;
  add_live(object, T::kKind);
  return object;
}
template <typename T>
bool destroy_live(T* object) {
  if (!remove_live(object, T::kKind)) return false;
  delete object;
  return true;
}
template <typename T>
bool is_live(const T* object) {
  return is_live(object, T::kKind);
}

}  // namespace simulated_gpu::cudnn
