#pragma once

#include <span>

#include "kernels/skip_gram/window_warp.cuh"

namespace matinee::skip_gram {

// All rounds over the windows, in one launch: round r takes targets starts[r] .. starts[r + 1] - 1. `epoch` as the
// windows'. Losses are added to the model's.
void train_rounds(CudaResources& cuda, const DeviceModel& model, const WindowLists& lists,
                  std::span<const int64_t> starts, int64_t epoch, uint32_t& rounds_before);

// Lock-free, in one launch. False where the windows' rows do not fit in shared memory, and nothing is done.
bool train_lock_free(CudaResources& cuda, const DeviceModel& model, const WindowLists& lists, int64_t epoch);

}  // namespace matinee::skip_gram
