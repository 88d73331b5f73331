#pragma once

#include <memory>

#include "kernels/skip_gram/training_operands.h"

namespace matinee::skip_gram {

// TrainingOperands on CUDA; operands are checked.
void hold_on_device_cuda(Context& context, const TrainingOperands& operands, std::shared_ptr<DeviceTraining>& held);
void fetch_vectors_cuda(Context& context, DeviceTraining& held, const VectorsView<float>& vectors);

}  // namespace matinee::skip_gram
