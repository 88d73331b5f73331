#pragma once

#include <functional>

#include "engine/parameters.h"
#include "host/config/job.h"

namespace matinee::host {

// Every parameter of a job file, declared once. `models` is called where the group of models stands: its keys are
// names that the user gives.
void describe_job(Job& job, engine::Parameters& p, const std::function<void()>& models);

// The key that every model has beside those of its type.
void describe_initial(ModelSpec& model, engine::Parameters& p);

// Letters, digits, '-', '_' and those of `more`; 1 to 64 of them, the first no dot.
bool is_plain_name(std::string_view name, std::string_view more = "");

}  // namespace matinee::host
