#pragma once

#include <cstdint>

namespace matinee::host {

// Bytes that this process may still allocate: the least of what the machine has available, what its control groups
// leave and what `ulimit -v` leaves.
int64_t available_host_bytes();

// Makes freed blocks of 1 MiB and more go back to the system at once. Left alone, glibc keeps ever larger ones, and a
// stage that loads one fold after the other would hold several.
void return_large_blocks();

// Highest resident set since reset_peak() (or the start, where the kernel does not let us reset).
int64_t peak_host_bytes();
// Starts a new peak; gives freed memory back first, so that it does not count what is no longer used.
void reset_peak();

}  // namespace matinee::host
