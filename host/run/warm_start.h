#pragma once

#include "host/config/job.h"

namespace matinee::host {

// Throws Error(kConfig), one line a model, where models of `job` cannot start from those of the same name of the
// earlier run whose job was `earlier`. Models that are always trained afresh can follow on any.
void check_warm_start(const Job& job, const Job& earlier);

// The same for the run that `job` names. Reads nothing but its config.json; says nothing where there is no run (yet).
void check_warm_start(const Job& job);

}  // namespace matinee::host
