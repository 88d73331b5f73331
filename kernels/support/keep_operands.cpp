#include "kernels/support/keep_operands.h"

namespace matinee {

#ifdef MATINEE_HAS_CUDA
// operand.cu
void keep_operands(CudaResources& cuda, bool keep);
#else
namespace {
void keep_operands(CudaResources&, bool) {}
}  // namespace
#endif

KeepOperands::KeepOperands(Context& context) : cuda_(context.on_cuda() ? &context.cuda() : nullptr) {
  if (cuda_ != nullptr) keep_operands(*cuda_, true);
}

// Asks nothing of the context: that throws where the device has failed, and would hide why.
KeepOperands::~KeepOperands() {
  if (cuda_ != nullptr) keep_operands(*cuda_, false);
}

}  // namespace matinee
