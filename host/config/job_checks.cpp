#include "host/config/job_checks.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/evaluation/metric_names.h"
#include "engine/models/fusion.h"
#include "engine/models/registry.h"
#include "host/config/search_model.h"
#include "host/config/suggestions.h"

namespace matinee::host {
namespace {

bool contains(const std::vector<std::string>& list, const std::string& text) {
  return std::ranges::find(list, text) != list.end();
}

// The model of this name where its type is known, or null.
const ModelSpec* spec_of(const Job& job, const std::string& name) {
  const auto spec = std::ranges::find(job.models, name, &ModelSpec::name);
  return spec == job.models.end() || spec->model == nullptr ? nullptr : &*spec;
}

bool chooses_from_candidates(const ModelSpec& spec) {
  return spec.model != nullptr && spec.model->recommends() && spec.model->candidates() != nullptr;
}

// Checks what gates and claims refer to against what the evaluation writes.
class MetricCheck {
 public:
  MetricCheck(const Job& job, ConfigErrors& errors)
      : job_(job), errors_(errors), names_(engine::metric_names(job.evaluate.options)) {
    if (!std::ranges::any_of(job.models, chooses_from_candidates)) return;
    names_.all.insert(names_.all.end(), engine::kCandidateMetrics.begin(), engine::kCandidateMetrics.end());
  }

  // `pointer` is that of the group which names model, metric and candidates.
  void operator()(const std::string& pointer, const std::string& model, std::string& metric,
                  const std::string& candidates) const {
    check_model(pointer + "/model", model);
    if (errors_.has_at_or_above(pointer + "/metric") || metric.empty()) return;
    complete(metric);
    const std::vector<std::string> where = candidates_of(metric);
    if (where.empty()) {
      errors_.add(pointer + "/metric",
                  fmt::format("\"{}\" is not measured by this job; {}", metric, suggestion(metric, all_names())));
    } else if (!contains(where, candidates)) {
      errors_.add(pointer + "/candidates",
                  fmt::format("{} is measured on \"{}\" only", metric, fmt::join(where, "\" and \"")));
    } else {
      check_measured(pointer, model, metric, candidates);
    }
  }

 private:
  void check_model(const std::string& pointer, const std::string& model) const {
    const std::vector<std::string>& evaluated = job_.evaluate.models;
    const bool known =
        std::ranges::any_of(job_.models, [&](const ModelSpec& candidate) { return candidate.name == model; });
    if (const ModelSpec* spec = spec_of(job_, model); spec != nullptr && !spec->model->recommends()) {
      errors_.add(pointer, fmt::format("\"{}\" recommends nothing (its type is \"{}\"): it has no metrics", model,
                                       spec->model->type()));
      return;
    }
    if (!known || evaluated.empty() || contains(evaluated, model)) return;
    errors_.add(pointer, fmt::format("\"{}\" is not evaluated; add it to evaluate.models", model));
  }

  // "ndcg" -> "ndcg@10"; "novelty" by the name that its kind is measured under.
  void complete(std::string& metric) const {
    const engine::EvaluationOptions& options = job_.evaluate.options;
    const std::size_t at = metric.find('@');
    if (metric.substr(0, at) == "novelty") metric.replace(0, at, engine::novelty_metric(options.novelty));
    if (metric.find('@') != std::string::npos || !candidates_of(metric).empty() || options.top_n.empty()) return;
    metric = engine::at_length(metric, options.top_n.front());
  }

  std::vector<std::string> candidates_of(const std::string& metric) const {
    std::vector<std::string> where;
    if (contains(names_.all, metric)) where.emplace_back("all");
    if (contains(names_.sampled, metric)) where.emplace_back("sampled");
    if (contains(names_.ratings, metric)) where.emplace_back("ratings");
    return where;
  }

  std::vector<std::string> all_names() const {
    std::vector<std::string> names = names_.all;  // the sampled ones are among them, but for the share of ties
    names.insert(names.end(), names_.ratings.begin(), names_.ratings.end());
    return names;
  }

  void check_measured(const std::string& pointer, const std::string& model, const std::string& metric,
                      const std::string& candidates) const {
    const ModelSpec* spec = spec_of(job_, model);
    if (std::ranges::find(engine::kCandidateMetrics, metric) != engine::kCandidateMetrics.end()) {
      if (spec != nullptr && !chooses_from_candidates(*spec)) {
        errors_.add(pointer + "/model", fmt::format("\"{}\" chooses from all items: it has no {}", model, metric));
      }
    } else if (candidates == "ratings") {
      if (spec != nullptr && spec->model->recommends() && !spec->model->predicts_ratings()) {
        errors_.add(pointer + "/model", fmt::format("\"{}\" predicts no ratings: it has no {}", model, metric));
      }
    } else if (candidates == "sampled" && job_.dataset.split.kind != SplitKind::kNcf &&
               job_.evaluate.options.sampled_negatives == 0) {
      errors_.add(pointer + "/candidates",
                  "nothing is sampled by this job; set evaluate.sampled_negatives, or use the split ncf");
    }
  }

  const Job& job_;
  ConfigErrors& errors_;
  engine::MetricNames names_;
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
    } else if (const ModelSpec* spec = spec_of(job, model); spec != nullptr && !spec->model->recommends()) {
      errors.add(pointer, fmt::format("\"{}\" recommends nothing (its type is \"{}\"): there is nothing to evaluate",
                                      model, spec->model->type()));
    }
  }
}

// A claim on what the training of a model reports.
void check_training_metric(const std::string& pointer, const ModelSpec& spec, const std::string& metric,
                           ConfigErrors& errors) {
  const auto known = engine::training_metrics(spec.model->type());
  if (metric.empty() || std::ranges::find(known, metric) != known.end()) return;
  const std::vector<std::string> names(known.begin(), known.end());
  errors.add(pointer, fmt::format("\"{}\" is not reported by the training of \"{}\"; {}", metric, spec.name,
                                  suggestion(metric, names)));
}

void check_claims(Job& job, const JobDocument& document, const MetricCheck& check_metric, ConfigErrors& errors) {
  for (std::size_t index = 0; index < job.evaluate.claims.size(); ++index) {
    Claim& claim = job.evaluate.claims[index];
    const std::string pointer = child_pointer("/evaluate/claims", index);
    const Json& group = document.root["evaluate"]["claims"][index];
    if (group.is_object() && !group.contains("value")) {
      errors.add(pointer + "/value", "is missing: give the published number");
    }
    const ModelSpec* spec = spec_of(job, claim.model);
    if (spec != nullptr && !engine::training_metrics(spec->model->type()).empty()) {
      check_training_metric(pointer + "/metric", *spec, claim.metric, errors);
    } else {
      check_metric(pointer, claim.model, claim.metric, claim.candidates);
    }
  }
}

void check_gate(Job& job, const MetricCheck& check_metric, ConfigErrors& errors) {
  Gate& gate = job.output.gate;
  if (gate.model.empty()) return;
  if (job.dataset.split.kind == SplitKind::kNone && !errors.has_at_or_above("/dataset/split/kind")) {
    errors.add("/output/gate/model", "nothing is measured without held-out ratings; choose a dataset.split");
  }
  check_metric("/output/gate", gate.model, gate.metric, gate.candidates);
}

void check_search(const Job& job, ConfigErrors& errors) {
  const ModelSpec* spec = spec_of(job, job.search.model);
  if (spec == nullptr || errors.has_within(child_pointer("/models", spec->name)) || makes_taste(job.dataset, *spec))
    return;
  errors.add(
      "/search/model",
      fmt::format("\"{}\" has no vectors of users and items (its type is \"{}\"): name a model of type mf, pmf or "
                  "ials, or one of type seq2seq that learns from titles",
                  spec->name, spec->model->type()));
}

// Models that start from another one of this job.
void check_initial(const Job& job, ConfigErrors& errors) {
  for (const ModelSpec& spec : job.models) {
    const std::string pointer = child_pointer("/models", spec.name) + "/initial";
    if (spec.initial.empty() || spec.model == nullptr || errors.has_at_or_above(pointer)) continue;
    if (!spec.model->can_start_from_another()) {
      errors.add(pointer, fmt::format("a model of type \"{}\" is always trained afresh: remove \"initial\"",
                                      spec.model->type()));
      continue;
    }
    const auto other = std::ranges::find(job.models, spec.initial, &ModelSpec::name);
    if (other == job.models.end() || other->model == nullptr) continue;
    if (errors.has_within(child_pointer("/models", spec.name)) ||
        errors.has_within(child_pointer("/models", other->name)))
      continue;
    const std::string obstacle = spec.model->obstacle_to_start_from(*other->model);
    if (!obstacle.empty()) {
      errors.add(pointer, fmt::format("\"{}\" cannot start from \"{}\": {}, or name another model", spec.name,
                                      spec.initial, obstacle));
    }
  }
}

// Models that another one of this job builds on.
void check_model_references(const Job& job, const std::vector<ModelReference>& references, ConfigErrors& errors) {
  for (const ModelReference& reference : references) {
    for (const ModelSpec& spec : job.models) {
      const std::string pointer = child_pointer("/models", spec.name);
      if (!reference.pointer.starts_with(pointer + "/") || spec.model == nullptr || errors.has_within(pointer))
        continue;
      const std::string parameter = reference.pointer.substr(pointer.size() + 1);
      const ModelSpec* other = spec_of(job, reference.model);
      const bool sound = other != nullptr && !errors.has_within(child_pointer("/models", other->name));
      if (parameter == "initial" || !sound) continue;
      const std::string obstacle = spec.model->obstacle_to_reference(parameter, *other->model);
      if (!obstacle.empty()) {
        errors.add(reference.pointer,
                   fmt::format("\"{}\" cannot build on \"{}\": {}", spec.name, other->name, obstacle));
      }
    }
  }
}

void check_ratio_sweeps(const Job& job, ConfigErrors& errors) {
  std::set<std::string> seen;
  for (std::size_t index = 0; index < job.evaluate.ratio_sweeps.size(); ++index) {
    const RatioSweep& sweep = job.evaluate.ratio_sweeps[index];
    const std::string pointer = child_pointer("/evaluate/ratio_sweeps", index) + "/model";
    const ModelSpec* spec = spec_of(job, sweep.model);
    if (errors.has_at_or_above(pointer) || spec == nullptr) continue;
    if (dynamic_cast<const engine::Fusion*>(spec->model.get()) == nullptr) {
      errors.add(pointer, fmt::format("\"{}\" is of type \"{}\" and has no ratio: name a model of type \"fusion\"",
                                      sweep.model, spec->model->type()));
    } else if (!seen.insert(sweep.model).second) {
      errors.add(pointer, fmt::format("\"{}\" stands in two sweeps: give all its ratios in one", sweep.model));
    } else if (job.dataset.split.kind == SplitKind::kNone && !errors.has_at_or_above("/dataset/split/kind")) {
      errors.add(pointer, "nothing is measured without held-out ratings; choose a dataset.split");
    }
  }
}

// Models that learn from what the dataset does not have.
void check_sources(const Job& job, ConfigErrors& errors) {
  if (errors.has_at_or_above("/dataset/format")) return;
  const bool no_ratings = job.dataset.format == DatasetFormat::kNoRatings;
  const bool no_titles = no_ratings || job.dataset.format == DatasetFormat::kSynthetic;
  for (const ModelSpec& spec : job.models) {
    if (spec.model == nullptr) continue;
    const std::string pointer = child_pointer("/models", spec.name);
    if (no_ratings && spec.model->learns_from_ratings()) {
      errors.add(pointer + "/type", fmt::format("a model of type \"{}\" learns from ratings, and dataset.format is "
                                                "\"none\": choose the format of your ratings",
                                                spec.model->type()));
    }
    const engine::TextOptions* text = spec.model->text();
    const bool refused = errors.has_at_or_above(pointer + "/text/source");
    if (no_titles && !refused && text != nullptr && text->source == engine::TextSource::kTitles) {
      errors.add(pointer + "/text/source", fmt::format("there are no titles where dataset.format is \"{}\": choose "
                                                       "\"file\" and give a path, or another format",
                                                       no_ratings ? "none" : "synthetic"));
    }
  }
}

}  // namespace

void check_job(Job& job, const std::vector<std::string>& models, const std::vector<ModelReference>& references,
               const JobDocument& document, ConfigErrors& errors) {
  check_evaluated_models(job, models, document, errors);
  const MetricCheck check_metric(job, errors);
  check_claims(job, document, check_metric, errors);
  check_gate(job, check_metric, errors);
  check_search(job, errors);
  check_initial(job, errors);
  check_model_references(job, references, errors);
  check_ratio_sweeps(job, errors);
  check_sources(job, errors);
  for (const ModelSpec& spec : job.models) {
    if (job.deterministic && spec.model != nullptr && !spec.model->deterministic()) {
      errors.add(child_pointer("/models", spec.name),
                 "can differ from run to run with these parameters; change them, or set \"deterministic\": false");
    }
  }
}

}  // namespace matinee::host
