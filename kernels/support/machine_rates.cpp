#include "kernels/support/machine_rates.h"

#include "kernels/support/error.h"

namespace matinee {

MachineRates measure_machine_cpu(Context& context);   // machine_rates_cpu.cpp
MachineRates measure_machine_cuda(Context& context);  // machine_rates_cuda.cu

MachineRates measure_machine(Context& context) {
  if (!context.on_cuda()) return measure_machine_cpu(context);
#ifdef MATINEE_HAS_CUDA
  return measure_machine_cuda(context);
#else
  fail(ErrorKind::kDevice, "this build has no CUDA backend: run with --device cpu");
#endif
}

}  // namespace matinee
