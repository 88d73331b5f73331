#pragma once

#include <span>
#include <string>
#include <vector>

#include "host/config/config_errors.h"
#include "host/config/json_reader.h"

namespace matinee::host {

// A model and what its parameters refer to.
struct ModelNode {
  std::string name;
  std::vector<ModelReference> references;
};

// Says for each reference to a model that the job does not have what was meant.
void check_references(std::span<const ModelReference> references, const std::vector<std::string>& models,
                      ConfigErrors& errors);

// Models that need each other can never be trained: each cycle is an error "a → b → a".
void check_cycles(std::span<const ModelNode> models, ConfigErrors& errors);

}  // namespace matinee::host
