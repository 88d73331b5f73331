#pragma once

#include <cstdint>
#include <filesystem>

namespace matinee::host {

// Bytes that the control groups of this process (version 1 or 2, its own and those above) still allow it: the smallest
// of limit - use, where page cache that the kernel would drop does not count as used. INT64_MAX where no group limits.
// `membership` is a file like /proc/self/cgroup, `root` where control groups are mounted.
int64_t control_group_bytes(const std::filesystem::path& membership = "/proc/self/cgroup",
                            const std::filesystem::path& root = "/sys/fs/cgroup");

}  // namespace matinee::host
