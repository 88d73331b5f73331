#pragma once

#include <string>

#include "host/commands/query_options.h"
#include "host/run/interest_files.h"

namespace matinee::host {

// Whether `model` of the run makes interest vectors; empty: whether any does.
bool knows_interest(const OpenRun& run, const std::string& model);

// Prints the directors, movies or users whose interest vectors are most like that of `id`, by the model that was asked
// for, else the run's first one that makes them. Error(kConfig) where there is none, or where `id` is not known: with
// one that was perhaps meant.
void print_similar_interest(const OpenRun& run, const QueryOptions& options, InterestKind kind, const std::string& id);

}  // namespace matinee::host
