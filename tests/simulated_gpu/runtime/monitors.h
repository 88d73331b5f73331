#pragma once

namespace simulated_gpu {

// Which monitors watch the launches; as the environment says at first.
void set_checks(bool on);
void set_counting(bool on);

}  // namespace simulated_gpu
