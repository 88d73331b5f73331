#include <utility>

#include <dlfcn.h>

#include "kernels/support/error.h"
#include "kernels/support/shared_library.cuh"

namespace matinee {

SharedLibrary::SharedLibrary(std::string product, std::string file)
    : product_(std::move(product)), file_(std::move(file)), library_(dlopen(file_.c_str(), RTLD_NOW | RTLD_LOCAL)) {
  if (library_ != nullptr) return;
  fail(ErrorKind::kDevice,
       product_ + " cannot be loaded: " + dlerror() + ". Install the " + file_ +
           " that belongs to the CUDA toolkit of this build, or name its folder in LD_LIBRARY_PATH");
}

void* SharedLibrary::symbol(const char* name) const {
  void* found = dlsym(library_, name);
  if (found == nullptr) {
    fail(ErrorKind::kDevice, file_ + " has no " + name + ": install the " + product_ + " of the headers of this build");
  }
  return found;
}

}  // namespace matinee
