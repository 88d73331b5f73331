#pragma once

namespace matinee::host {

// Cores that this process may run on.
int usable_cores();

}  // namespace matinee::host
