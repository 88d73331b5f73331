#pragma once

#include <stdexcept>
#include <string>

namespace simulated_gpu {

// Why a launch cannot go on. Thrown by the executor and the monitor only; the runtime turns it into a CUDA error.
// Kinds: race, out-of-bounds, use-after-free, host-pointer, misaligned, uninitialised, barrier-divergence, deadlock,
// shuffle, warp-mask, branch-table, spin, trap, assert, unsupported (see README.md).
class KernelError : public std::runtime_error {
 public:
  KernelError(std::string kind, const std::string& message)
      : std::runtime_error(kind + ": " + message), kind_(std::move(kind)) {}
  const std::string& kind() const { return kind_; }

 private:
  std::string kind_;
};

}  // namespace simulated_gpu
