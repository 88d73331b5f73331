#pragma once

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "kernels/support/device.h"

namespace matinee::test {

// Why the tests of the CUDA backend cannot run here; empty where they can.
inline std::string cuda_missing() {
  static const CudaStatus status = cuda_status();
  return status.reason;
}

// The device that those tests run on.
inline Device cuda_device() {
  return choose_device("cuda", true);
}

}  // namespace matinee::test

// First line of each test that needs a CUDA device. It skips, and says why, only where none can be used; with
// MATINEE_REQUIRE_CUDA in the environment that fails.
#define MATINEE_NEEDS_CUDA()                                                                         \
  if (const std::string missing = matinee::test::cuda_missing(); !missing.empty()) {                 \
    ASSERT_EQ(std::getenv("MATINEE_REQUIRE_CUDA"), nullptr) << "CUDA is required here: " << missing; \
    GTEST_SKIP() << "no CUDA device can be used: " << missing;                                       \
  }
