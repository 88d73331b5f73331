#pragma once

#include <functional>

#include "kernels/support/cuda_resources.cuh"

namespace matinee {

// Launches that were recorded once and are put into the stream again with one call: for kernels so short that launching
// them one by one takes longer than they do.
class CapturedWork {
 public:
  // What `work` launches in the stream of `cuda`, which does not run now. It may not wait, copy or allocate.
  CapturedWork(CudaResources& cuda, const std::function<void()>& work);
  ~CapturedWork();
  CapturedWork(const CapturedWork&) = delete;
  CapturedWork& operator=(const CapturedWork&) = delete;

  // Error(kDevice) where the launch is refused; where a kernel fails, at the next wait.
  void launch(CudaResources& cuda) const;

 private:
  cudaGraphExec_t graph_ = nullptr;
};

}  // namespace matinee
