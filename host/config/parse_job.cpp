#include "host/config/parse_job.h"

#include <fmt/format.h>

#include "host/config/config_errors.h"
#include "host/config/describe_job.h"
#include "host/config/job_checks.h"
#include "host/config/job_document.h"
#include "host/config/json_reader.h"
#include "host/config/model_graph.h"
#include "host/config/overrides.h"
#include "host/config/read_models.h"
#include "host/config/resolved_writer.h"

namespace matinee::host {
namespace {

void report_missing(const JobDocument& document, ConfigErrors& errors) {
  for (const DuplicateKey& key : document.duplicates) {
    errors.add(key.pointer, fmt::format("duplicate key, on lines {} and {}", key.first_line, key.line));
  }
  if (!document.root.contains("dataset")) errors.add("/dataset", "is missing: say what is read");
  if (!document.root.contains("models")) errors.add("/models", "is missing: a job has at least one model");
}

void read_job(ReadSession& session, Job& job) {
  std::vector<std::string> models;
  {
    JsonReader reader(session, &session.document.root, "");
    std::string schema;
    reader.text("$schema", schema, "");
    describe_job(job, reader, [&] { models = read_models(session, reader.take("models"), job); });
  }
  session.report_unknown_keys();
  check_references(session.references, models, session.errors);
  check_job(job, models, session.references, session.document, session.errors);
}

Json resolved_model(ModelSpec& spec) {
  Json group = {{"type", spec.model->type()}};
  ResolvedWriter writer(group);
  describe_initial(spec, writer);
  spec.model->describe(writer);
  return group;
}

// The parts that decide a result, without where the data lies and without what is only shown.
std::string without(Json group, std::initializer_list<const char*> keys) {
  for (const char* key : keys) group.erase(key);
  return group.dump();
}

void resolve(Job& job) {
  job.evaluate.options.positive_from = job.dataset.positive_from;
  Json root;
  ResolvedWriter writer(root);
  describe_job(job, writer, [&] {
    Json models = Json::object();
    for (ModelSpec& spec : job.models) {
      models[spec.name] = resolved_model(spec);
      spec.resolved = models[spec.name].dump();
    }
    root["models"] = std::move(models);
  });
  job.resolved = root.dump(2) + "\n";
  // What counts as positive is a matter of evaluation: it changes no split and no model.
  job.dataset_resolved = without(root["dataset"], {"path", "positive_from"});
  job.evaluate_resolved =
      without(root["evaluate"], {"models", "ratio_sweeps", "claims"}) + root["dataset"]["positive_from"].dump();
}

}  // namespace

Job parse_job(const std::string& path, const Overrides& overrides) {
  JobDocument document = read_job_document(path);
  ConfigErrors errors(document);
  apply_overrides(document, overrides, errors);
  report_missing(document, errors);
  Job job;
  job.path = path;
  ReadSession session{document, errors};
  read_job(session, job);
  errors.throw_if_any();
  resolve(job);
  return job;
}

}  // namespace matinee::host
