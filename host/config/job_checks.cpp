#include "host/config/job_checks.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "host/config/resolved_writer.h"
#include "host/config/suggestions.h"

namespace matinee::host {
namespace {

bool is_rating_metric(std::string_view metric) {
  return metric.starts_with("rmse") || metric.starts_with("mae");
}

bool is_sampled_metric(std::string_view metric) {
  return metric.starts_with("hit_rate@") || metric.starts_with("ndcg@");
}

// "precision@10", "rmse": every number that the options ask for.
std::vector<std::string> measured_metrics(engine::EvaluationOptions options) {
  Json group;
  ResolvedWriter writer(group);
  options.describe(writer);
  std::vector<std::string> metrics;
  for (const Json& name : group["metrics"]) {
    const auto metric = name.get<std::string>();
    if (is_rating_metric(metric)) {
      metrics.push_back(metric);
      metrics.push_back(metric + "_unclipped");
      continue;
    }
    for (const int64_t length : options.top_n) {
      metrics.push_back(fmt::format("{}@{}", metric, length));
      if (metric == "precision" || metric == "recall") metrics.push_back(fmt::format("{}_macro@{}", metric, length));
    }
  }
  return metrics;
}

class MetricCheck {
 public:
  MetricCheck(const Job& job, ConfigErrors& errors)
      : job_(job), errors_(errors), measured_(measured_metrics(job.evaluate.options)) {}

  // `pointer` is that of the group which names model, metric and candidates.
  void operator()(const std::string& pointer, const std::string& model, std::string& metric,
                  const std::string& candidates) const {
    check_model(pointer + "/model", model);
    if (errors_.has_at_or_above(pointer + "/metric") || metric.empty()) return;
    const std::vector<int64_t>& lengths = job_.evaluate.options.top_n;
    if (metric.find('@') == std::string::npos && !is_rating_metric(metric) && !lengths.empty()) {
      metric += fmt::format("@{}", lengths.front());
    }
    if (std::ranges::find(measured_, metric) == measured_.end()) {
      errors_.add(pointer + "/metric",
                  fmt::format("\"{}\" is not measured by this job; {}", metric, suggestion(metric, measured_)));
      return;
    }
    check_candidates(pointer, model, metric, candidates);
  }

 private:
  void check_model(const std::string& pointer, const std::string& model) const {
    const std::vector<std::string>& evaluated = job_.evaluate.models;
    const bool known =
        std::ranges::any_of(job_.models, [&](const ModelSpec& candidate) { return candidate.name == model; });
    if (!known || evaluated.empty() || std::ranges::find(evaluated, model) != evaluated.end()) return;
    errors_.add(pointer, fmt::format("\"{}\" is not evaluated; add it to evaluate.models", model));
  }

  void check_candidates(const std::string& pointer, const std::string& model, const std::string& metric,
                        const std::string& candidates) const {
    if (is_rating_metric(metric)) {
      if (candidates != "ratings") reject_candidates(pointer, metric, "\"ratings\"");
      const auto spec = std::ranges::find(job_.models, model, &ModelSpec::name);
      if (spec != job_.models.end() && spec->model != nullptr && !spec->model->predicts_ratings()) {
        errors_.add(pointer + "/model", fmt::format("\"{}\" predicts no ratings: it has no {}", model, metric));
      }
    } else if (!is_sampled_metric(metric)) {
      if (candidates != "all") reject_candidates(pointer, metric, "\"all\"");
    } else if (candidates == "ratings") {
      reject_candidates(pointer, metric, "\"all\" and \"sampled\"");
    } else if (candidates == "sampled" && job_.dataset.split.kind != SplitKind::kNcf &&
               job_.evaluate.options.sampled_negatives == 0) {
      errors_.add(pointer + "/candidates",
                  "nothing is sampled by this job; set evaluate.sampled_negatives, or use the split ncf");
    }
  }

  void reject_candidates(const std::string& pointer, const std::string& metric, std::string_view right) const {
    errors_.add(pointer + "/candidates", fmt::format("{} is measured on {} only", metric, right));
  }

  const Job& job_;
  ConfigErrors& errors_;
  std::vector<std::string> measured_;
};

void check_evaluated_models(const Job& job, const std::vector<std::string>& models, const JobDocument& document,
                            ConfigErrors& errors) {
  const Json::json_pointer list("/evaluate/models");
  const bool is_list = document.root.contains(list) && document.root[list].is_array();
  std::set<std::string> seen;
  for (std::size_t index = 0; index < job.evaluate.models.size(); ++index) {
    const std::string& model = job.evaluate.models[index];
    const std::string pointer = is_list ? child_pointer("/evaluate/models", index) : "/evaluate/models";
    if (std::ranges::find(models, model) == models.end()) {
      errors.add(pointer, fmt::format("no model \"{}\" in this job; {}", model, suggestion(model, models)));
    } else if (!seen.insert(model).second) {
      errors.add(pointer, fmt::format("\"{}\" stands twice in the list", model));
    }
  }
}

void check_claims(Job& job, const JobDocument& document, const MetricCheck& check_metric, ConfigErrors& errors) {
  for (std::size_t index = 0; index < job.evaluate.claims.size(); ++index) {
    Claim& claim = job.evaluate.claims[index];
    const std::string pointer = child_pointer("/evaluate/claims", index);
    const Json& group = document.root["evaluate"]["claims"][index];
    if (group.is_object() && !group.contains("value")) {
      errors.add(pointer + "/value", "is missing: give the published number");
    }
    check_metric(pointer, claim.model, claim.metric, claim.candidates);
  }
}

void check_gate(Job& job, const MetricCheck& check_metric, ConfigErrors& errors) {
  Gate& gate = job.output.gate;
  if (gate.model.empty()) return;
  if (job.dataset.split.kind == SplitKind::kNone) {
    errors.add("/output/gate/model", "nothing is measured without held-out ratings; choose a dataset.split");
  }
  check_metric("/output/gate", gate.model, gate.metric, gate.candidates);
}

}  // namespace

void check_job(Job& job, const std::vector<std::string>& models, const JobDocument& document, ConfigErrors& errors) {
  check_evaluated_models(job, models, document, errors);
  const MetricCheck check_metric(job, errors);
  check_claims(job, document, check_metric, errors);
  check_gate(job, check_metric, errors);
  for (const ModelSpec& spec : job.models) {
    if (job.deterministic && spec.model != nullptr && !spec.model->deterministic()) {
      errors.add(child_pointer("/models", spec.name),
                 "can differ from run to run with these parameters; change them, or set \"deterministic\": false");
    }
  }
}

}  // namespace matinee::host
