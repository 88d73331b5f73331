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

KeepOperands::KeepOperands(Context& context) : context_(context) {
  if (context.on_cuda()) keep_operands(context.cuda(), true);
}

KeepOperands::~KeepOperands() {
  if (context_.on_cuda()) keep_operands(context_.cuda(), false);
}

}  // namespace matinee
