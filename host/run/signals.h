#pragma once

namespace matinee::host {

// From now on the first SIGINT or SIGTERM is remembered; a second one ends the process at once.
void remember_signals();

// The remembered signal, or 0.
int stop_signal();
bool signalled();

}  // namespace matinee::host
