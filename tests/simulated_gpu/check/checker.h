#pragma once

#include <memory>

#include "execution/monitor.h"

namespace simulated_gpu {

// Checks every access of a launch: place, alignment, initialisation, races.
std::unique_ptr<Monitor> make_checker();

}  // namespace simulated_gpu
