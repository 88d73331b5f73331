#include "kernels/support/machine_rates.h"

#include "kernels/support/error.h"

namespace matinee {

MachineRates measure_machine(Context& context) {
  if (context.device().kind != DeviceKind::kCpu) {
    fail(ErrorKind::kDevice, "the rates of {} cannot be measured by this version", to_string(context.device()));
  }
  return cpu::measure_machine(context);
}

}  // namespace matinee
