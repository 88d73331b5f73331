#pragma once

#include <string>
#include <vector>

#include "host/config/config_errors.h"
#include "host/config/job.h"
#include "host/config/json_reader.h"

namespace matinee::host {

// What one parameter alone cannot tell: models that are named in other groups, metrics that are not measured.
// `models` are the names that the file has, readable or not, `references` the parameters that name one. Completes
// metrics: "ndcg" becomes "ndcg@10".
void check_job(Job& job, const std::vector<std::string>& models, const std::vector<ModelReference>& references,
               const JobDocument& document, ConfigErrors& errors);

}  // namespace matinee::host
