#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "engine/model.h"

namespace matinee::engine {

struct ModelType {
  std::string_view name;
  std::string_view sentence;  // for the schema and the reference page
  std::unique_ptr<Model> (*make)();
  std::span<const std::string_view> training_metrics = {};  // that training reports and claims may name
};

// Every type of model, in the order of the reference page.
std::span<const ModelType> model_types();

// Of a type; none for those whose quality is measured by evaluation.
std::span<const std::string_view> training_metrics(std::string_view type);

// Null for an unknown type.
std::unique_ptr<Model> make_model(std::string_view type);

}  // namespace matinee::engine
