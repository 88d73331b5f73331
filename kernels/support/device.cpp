#include "kernels/support/device.h"

#include <charconv>

#include "kernels/support/error.h"

namespace matinee {

#ifdef MATINEE_HAS_CUDA
CudaStatus query_cuda_runtime();  // device_cuda.cu
#endif

CudaStatus cuda_status() {
#ifdef MATINEE_HAS_CUDA
  return query_cuda_runtime();
#else
  CudaStatus status;
  status.reason = "this build has no CUDA backend; build the preset `cuda` with the CUDA toolkit installed";
  return status;
#endif
}

namespace {

// The N of "cuda:N", -1 of "cuda".
int wanted_ordinal(std::string_view wanted) {
  int ordinal = -1;
  if (wanted == "cuda") return ordinal;
  const char* end = wanted.data() + wanted.size();
  const auto parsed = wanted.starts_with("cuda:") ? std::from_chars(wanted.data() + 5, end, ordinal)
                                                  : std::from_chars_result{end, std::errc::invalid_argument};
  if (parsed.ec != std::errc{} || parsed.ptr != end || ordinal < 0) {
    fail(ErrorKind::kConfig, "device \"{}\" is unknown; use auto, cpu, cuda or cuda:N", wanted);
  }
  return ordinal;
}

int first_usable(const CudaStatus& status) {
  int ordinal = 0;
  while (!status.devices[static_cast<std::size_t>(ordinal)].reason.empty()) ++ordinal;
  return ordinal;
}

}  // namespace

Device choose_device(std::string_view wanted, bool wholly_on_cuda) {
  if (wanted == "cpu") return {DeviceKind::kCpu, 0};
  if (wanted == "auto") {
    if (!wholly_on_cuda) return {DeviceKind::kCpu, 0};
    const CudaStatus status = cuda_status();
    return status.reason.empty() ? Device{DeviceKind::kCuda, first_usable(status)} : Device{DeviceKind::kCpu, 0};
  }
  const int ordinal = wanted_ordinal(wanted);
  const CudaStatus status = cuda_status();
  if (!status.reason.empty()) {
    fail(ErrorKind::kDevice, "device \"{}\" cannot be used: {}. Use --device cpu to train on the CPU", wanted,
         status.reason);
  }
  if (ordinal < 0) return {DeviceKind::kCuda, first_usable(status)};
  if (static_cast<std::size_t>(ordinal) >= status.devices.size()) {
    fail(ErrorKind::kDevice, "device \"{}\" does not exist: this machine has {} CUDA device(s), numbered from 0",
         wanted, status.devices.size());
  }
  if (const std::string& reason = status.devices[static_cast<std::size_t>(ordinal)].reason; !reason.empty()) {
    fail(ErrorKind::kDevice, "device \"{}\" cannot be used: {}. Use --device cpu to train on the CPU", wanted, reason);
  }
  return {DeviceKind::kCuda, ordinal};
}

std::string to_string(Device device) {
  return device.kind == DeviceKind::kCpu ? "cpu" : fmt::format("cuda:{}", device.ordinal);
}

}  // namespace matinee
