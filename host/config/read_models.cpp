#include "host/config/read_models.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/models/registry.h"
#include "host/config/describe_job.h"
#include "host/config/model_graph.h"
#include "host/config/read_value.h"
#include "host/config/suggestions.h"

namespace matinee::host {
namespace {

std::vector<std::string> type_names() {
  std::vector<std::string> names;
  for (const engine::ModelType& type : engine::model_types()) names.emplace_back(type.name);
  return names;
}

std::unique_ptr<engine::Model> make_typed(ReadSession& session, const Json* type, const std::string& pointer) {
  const std::vector<std::string> known = type_names();
  if (type == nullptr) {
    session.errors.add(pointer, fmt::format("is missing; known: {}", fmt::join(known, ", ")));
    return nullptr;
  }
  const auto name = read_text(*type, pointer, session.document, session.errors);
  if (!name) return nullptr;
  std::unique_ptr<engine::Model> model = engine::make_model(*name);
  if (model == nullptr) {
    session.errors.add(pointer, fmt::format("unknown type {}; {}", shown(*type), suggestion(*name, known)));
  }
  return model;
}

ModelSpec read_model(ReadSession& session, const std::string& name, const Json& group) {
  const std::string pointer = child_pointer("/models", name);
  if (!is_plain_name(name)) {
    session.errors.add(pointer, "the name of a model is 1 to 64 letters, digits, '-' and '_'");
  }
  ModelSpec spec;
  spec.name = name;
  JsonReader reader(session, &group, pointer);
  if (!group.is_object()) return spec;
  spec.model = make_typed(session, reader.take("type"), pointer + "/type");
  describe_initial(spec, reader);
  if (spec.model != nullptr) {
    spec.model->describe(reader);
  } else {
    reader.ignore_rest();
  }
  return spec;
}

}  // namespace

std::vector<std::string> read_models(ReadSession& session, const Json* models, Job& job) {
  std::vector<std::string> names;
  if (models == nullptr) return names;
  if (!models->is_object() || models->empty()) {
    session.errors.add("/models", models->is_object()
                                      ? "is empty: a job has at least one model"
                                      : fmt::format("expected a group {{…}} of models, found {}", shown(*models)));
    return names;
  }
  std::vector<ModelNode> nodes;
  for (const auto& member : models->items()) {
    const std::size_t before = session.references.size();
    ModelSpec& spec = job.models.emplace_back(read_model(session, member.key(), member.value()));
    names.push_back(spec.name);
    nodes.push_back(
        {spec.name, {session.references.begin() + static_cast<std::ptrdiff_t>(before), session.references.end()}});
    for (const ModelReference& reference : nodes.back().references) {
      if (std::ranges::find(spec.references, reference.model) == spec.references.end()) {
        spec.references.push_back(reference.model);
      }
    }
  }
  check_cycles(nodes, session.errors);
  return names;
}

}  // namespace matinee::host
