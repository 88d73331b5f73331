#pragma once

#include <string>
#include <vector>

#include "host/config/job.h"
#include "host/config/json_reader.h"

namespace matinee::host {

// Reads the group `models` into job.models; each model that can be made is made. Returns every name in the file, those
// of models with errors among them.
std::vector<std::string> read_models(ReadSession& session, const Json* models, Job& job);

}  // namespace matinee::host
