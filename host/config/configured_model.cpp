#include "host/config/configured_model.h"

#include <algorithm>
#include <cmath>

#include "engine/models/registry.h"
#include "host/config/config_errors.h"
#include "host/config/job_document.h"
#include "host/config/json_reader.h"

namespace matinee::host {

std::unique_ptr<engine::Model> configured_model(const ModelSpec& spec, double epochs_share) {
  auto model = engine::make_model(spec.model->type());
  JobDocument document;
  document.root = Json::parse(spec.resolved);
  if (const auto epochs = document.root.find("epochs"); epochs != document.root.end()) {
    const double share = std::ceil(epochs->get<double>() * epochs_share);
    *epochs = std::max(int64_t{1}, static_cast<int64_t>(share));
  }
  ConfigErrors errors(document);
  ReadSession session{document, errors};
  {
    JsonReader reader(session, &document.root, "");
    reader.take("type");
    reader.take("initial");
    model->describe(reader);
  }
  errors.throw_if_any();
  return model;
}

}  // namespace matinee::host
