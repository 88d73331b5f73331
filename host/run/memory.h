#pragma once

#include <cstdint>

namespace matinee::host {

// Bytes that this process may still allocate: the least of what the machine has available, what its control groups
// leave and what `ulimit -v` leaves.
int64_t available_host_bytes();

// Highest resident set since reset_peak() (or the start, where the kernel does not let us reset).
int64_t peak_host_bytes();
// Starts a new peak; gives freed memory back first, so that it does not count what is no longer used.
void reset_peak();

}  // namespace matinee::host
