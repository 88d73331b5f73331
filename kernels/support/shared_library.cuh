#pragma once

#include <string>

namespace matinee {

// A library of CUDA that is loaded when the first operation needs it, and stays. A run that needs none of it is spared
// the time and the memory, and programs start without it.
class SharedLibrary {
 public:
  // Error(kDevice) saying what was looked for, where it cannot be loaded. `product`: "cuBLAS".
  SharedLibrary(std::string product, std::string file);

  template <typename Function>
  void find(const char* name, Function& function) const {
    function = reinterpret_cast<Function>(symbol(name));
  }

 private:
  void* symbol(const char* name) const;  // Error(kDevice) where the library has none

  std::string product_, file_;
  void* library_ = nullptr;
};

}  // namespace matinee
