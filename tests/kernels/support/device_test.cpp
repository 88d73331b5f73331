#include "kernels/support/device.h"

#include <gtest/gtest.h>

#include "kernels/support/context.h"
#include "kernels/support/error.h"

namespace matinee {
namespace {

ErrorKind refusal(std::string_view wanted) {
  try {
    choose_device(wanted, true);
  } catch (const Error& error) {
    return error.kind();
  }
  return ErrorKind::kLocked;
}

TEST(ChooseDevice, RefusesOtherWords) {
  for (const char* word : {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", "cuda1", "CPU", "cuda:99999999999"}) {
    EXPECT_EQ(refusal(word), ErrorKind::kConfig) << word;
  }
}

TEST(ChooseDevice, TakesTheCpuWhereSomethingHasNoCudaSide) {
  EXPECT_EQ(to_string(choose_device("cpu", true)), "cpu");
  EXPECT_EQ(to_string(choose_device("auto", false)), "cpu");
}

TEST(ChooseDevice, TakesCudaExactlyWhereItCanBeUsed) {
  const CudaStatus status = cuda_status();
  if (status.reason.empty()) {
    EXPECT_EQ(choose_device("auto", true).kind, DeviceKind::kCuda);
    EXPECT_EQ(choose_device("cuda", false).kind, DeviceKind::kCuda);
    EXPECT_EQ(refusal("cuda:" + std::to_string(status.devices.size())), ErrorKind::kDevice);
  } else {
    EXPECT_EQ(choose_device("auto", true).kind, DeviceKind::kCpu);
    EXPECT_EQ(refusal("cuda"), ErrorKind::kDevice);
    EXPECT_EQ(refusal("cuda:0"), ErrorKind::kDevice);
  }
}

TEST(CudaStatus, SaysWhyNotOrNamesTheDevices) {
  const CudaStatus status = cuda_status();
  EXPECT_TRUE(!status.reason.empty() || !status.devices.empty());
  for (const CudaDeviceStatus& device : status.devices) EXPECT_FALSE(device.description.empty());
}

}  // namespace
}  // namespace matinee
