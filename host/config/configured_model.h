#pragma once

#include <memory>

#include "engine/model.h"
#include "host/config/job.h"

namespace matinee::host {

// A new, untrained model with the parameters of `spec`: one for each fold that is trained or loaded. Its epochs, where
// it has such, are `epochs_share` of those, at least one.
std::unique_ptr<engine::Model> configured_model(const ModelSpec& spec, double epochs_share = 1);

}  // namespace matinee::host
