#pragma once

#include <cstddef>

namespace simulated_gpu {

// Which monitors watch the launches; as the environment says at first.
void set_checks(bool on);
void set_counting(bool on);

// An operation that is no kernel accesses a range, where checks are on: races with other streams are found.
void watch_range(const void* address, size_t bytes, bool writes);

}  // namespace simulated_gpu
