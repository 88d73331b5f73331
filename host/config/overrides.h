#pragma once

#include "host/config/config_errors.h"
#include "host/config/job_document.h"
#include "host/config/parse_job.h"

namespace matinee::host {

// Lays what the command line says over the document, in order: --set, then --device and --output. Groups that a path
// names are made where they are missing; a number names an element of a list, its length one more. Malformed settings
// change nothing and are added to `errors`, which may be those of `document`.
void apply_overrides(JobDocument& document, const Overrides& overrides, ConfigErrors& errors);

}  // namespace matinee::host
