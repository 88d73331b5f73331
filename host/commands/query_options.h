#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "host/run/open_run.h"

namespace matinee::host {

// What `recommend` and `similar` have in common.
struct QueryOptions {
  std::string run, model;
  int64_t top = 10;
  std::shared_ptr<bool> json;
};

// Adds RUN, --model, --top, --format and --log-format.
std::shared_ptr<QueryOptions> add_query_options(CLI::App& command);

// The number of a user. Error(kConfig) where the run does not know the id.
int32_t known_user(const OpenRun& run, const std::string& id);

// The recommending model that was asked for; else the gate's; else the one with the best NDCG over all candidates; else
// the first. Error(kConfig) where there is none.
std::string chosen_model(const OpenRun& run, const std::string& wanted);

}  // namespace matinee::host
