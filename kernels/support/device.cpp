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

Device choose_device(std::string_view wanted) {
  if (wanted == "cpu" || wanted == "auto") return {DeviceKind::kCpu, 0};
  if (!wanted.starts_with("cuda")) {
    fail(ErrorKind::kConfig, "device \"{}\" is unknown; use auto, cpu, cuda or cuda:N", wanted);
  }
  int ordinal = 0;
  if (wanted != "cuda") {
    const char* end = wanted.data() + wanted.size();
    const auto parsed = wanted.size() > 5 && wanted[4] == ':'
                            ? std::from_chars(wanted.data() + 5, end, ordinal)
                            : std::from_chars_result{end, std::errc::invalid_argument};
    if (parsed.ec != std::errc{} || parsed.ptr != end || ordinal < 0) {
      fail(ErrorKind::kConfig, "device \"{}\" is unknown; use auto, cpu, cuda or cuda:N", wanted);
    }
  }
  const CudaStatus status = cuda_status();
  if (!status.reason.empty()) {
    fail(ErrorKind::kDevice, "device \"{}\" cannot be used: {}. Use --device cpu to train on the CPU", wanted,
         status.reason);
  }
  if (ordinal >= status.device_count) {
    fail(ErrorKind::kDevice, "device \"{}\" does not exist: this machine has {} CUDA device(s), numbered from 0",
         wanted, status.device_count);
  }
  fail(ErrorKind::kDevice, "device \"{}\" was found, but no model of this version trains on CUDA. Use --device cpu",
       wanted);
}

std::string to_string(Device device) {
  return device.kind == DeviceKind::kCpu ? "cpu" : fmt::format("cuda:{}", device.ordinal);
}

}  // namespace matinee
