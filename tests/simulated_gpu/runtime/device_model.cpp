#include "runtime/device_model.h"

#include "runtime/errors.h"
#include "runtime/settings.h"

namespace simulated_gpu {
namespace {

constexpr size_t kKiB = 1024, kMiB = 1024 * kKiB;

// L2 rates: 5120 bytes a clock on A100, 5120 on H100 and H200 (measured by others at about 5.5 TB/s), at boost clock.
constexpr DeviceModel kModels[kDeviceModels] = {
    {"A100", "Simulated A100-SXM4-80GB", 8, 0, 108, 81'920 * kMiB, 164 * kKiB, int(40 * kMiB), 5120, 2.039e12,
     5120 * 1.41e9, 1.41e9},
    {"H100", "Simulated H100-SXM5-80GB", 9, 0, 132, 81'920 * kMiB, 228 * kKiB, int(50 * kMiB), 5120, 3.35e12, 5.5e12,
     1.98e9},
    {"H200", "Simulated H200-SXM-141GB", 9, 0, 132, 144'384 * kMiB, 228 * kKiB, int(50 * kMiB), 6144, 4.8e12, 5.5e12,
     1.98e9},
};

DeviceModel chosen_model() {
  for (const DeviceModel& model : kModels) {
    if (settings().device != model.key) continue;
    DeviceModel chosen = model;
    if (settings().memory > 0) chosen.memory = settings().memory;
    return chosen;
  }
  stop_unsupported("SIMULATED_GPU_DEVICE=" + settings().device);
}

}  // namespace

const DeviceModel& device_model() {
  static const DeviceModel model = chosen_model();
  return model;
}

const DeviceModel* device_models() {
  return kModels;
}

}  // namespace simulated_gpu
