#pragma once

#include <memory>

#include "engine/model.h"
#include "host/config/job.h"

namespace matinee::host {

// A new, untrained model with the parameters of `spec`: one for each fold that is trained or loaded.
std::unique_ptr<engine::Model> configured_model(const ModelSpec& spec);

}  // namespace matinee::host
