#include "host/config/describe_job.h"

#include <algorithm>
#include <array>
#include <cctype>

#include <fmt/format.h>

#include "engine/models/fusion_ratio.h"

namespace matinee::host {
namespace {

constexpr std::array<std::string_view, 3> kCandidateNames = {"all", "sampled", "ratings"};

void describe_candidates(std::string& candidates, engine::Parameters& p) {
  const auto found = std::ranges::find(kCandidateNames, candidates);
  int index = static_cast<int>(found - kCandidateNames.begin());
  p.one_of("candidates", index, kCandidateNames,
           "Under which protocol the metric is measured: all (against every item that the user has not seen), sampled "
           "(against a sample of them), ratings (predicted ratings: rmse, mae).");
  candidates = kCandidateNames[static_cast<std::size_t>(index)];
}

bool is_device(std::string_view device) {
  if (device == "auto" || device == "cpu" || device == "cuda") return true;
  constexpr std::string_view kPrefix = "cuda:";
  const std::string_view ordinal = device.starts_with(kPrefix) ? device.substr(kPrefix.size()) : "";
  return !ordinal.empty() && ordinal.size() <= 3 &&
         std::ranges::all_of(ordinal, [](char letter) { return letter >= '0' && letter <= '9'; });
}

void describe_claim(Claim& claim, engine::Parameters& p) {
  p.model_reference("model", claim.model, "The model of this job that the number is set beside.");
  p.text("metric", claim.metric,
         "The metric, as \"ndcg@10\"; without @N the first top_n is meant. Of a model of type seq2seq: what its "
         "training reports last, as \"validation_token_accuracy\".");
  describe_candidates(claim.candidates, p);
  p.real("value", claim.value, {}, "", "The published number.");
  p.text("source", claim.source, "Where it was published, under which settings.");
  if (claim.model.empty()) p.reject("model", "is missing: name the model that this number is set beside");
  if (claim.metric.empty()) p.reject("metric", "is missing: name the metric, as \"ndcg@10\"");
}

void describe_ratio_sweep(RatioSweep& sweep, engine::Parameters& p) {
  p.model_reference("model", sweep.model, "A model of this job of type fusion.");
  p.texts("ratios", sweep.ratios,
          "The ratios that it is measured with, in the order of the report; each as a model of its own, whatever the "
          "ratio of the model is.");
  if (sweep.model.empty()) p.reject("model", "is missing: name a model of type fusion");
  if (sweep.ratios.empty()) p.reject("ratios", "names no ratio: give some, such as \"7:1\"");
  for (const std::string& ratio : sweep.ratios) {
    if (!engine::parse_ratio(ratio)) p.reject("ratios", engine::ratio_problem(ratio));
  }
}

void describe_evaluate(EvaluateSpec& evaluate, engine::Parameters& p) {
  p.texts("models", evaluate.models, "The models that are evaluated; none: all.");
  evaluate.options.describe(p);
  p.groups(
      "ratio_sweeps", "Fusions that are measured with several ratios, as one table and one chart of the report.",
      [&](engine::Parameters& sweep) { describe_ratio_sweep(evaluate.ratio_sweeps.emplace_back(), sweep); },
      static_cast<int64_t>(evaluate.ratio_sweeps.size()),
      [&](engine::Parameters& sweep, int64_t index) {
        describe_ratio_sweep(evaluate.ratio_sweeps[static_cast<std::size_t>(index)], sweep);
      });
  p.groups(
      "claims", "Published numbers that the report sets beside the measured ones.",
      [&](engine::Parameters& claim) { describe_claim(evaluate.claims.emplace_back(), claim); },
      static_cast<int64_t>(evaluate.claims.size()),
      [&](engine::Parameters& claim, int64_t index) {
        describe_claim(evaluate.claims[static_cast<std::size_t>(index)], claim);
      });
}

void describe_search(SearchSpec& search, engine::Parameters& p) {
  p.model_reference("model", search.model,
                    "The model whose vectors tell what a user likes: one of type seq2seq, mf, pmf or ials; none: the "
                    "first of type seq2seq that learns from titles, else the first of the others.");
  p.real("personal", search.personal, {0, 1}, "",
         "γ of a search for a user: its score is (1 - γ) · BM25, scaled to 0 to 1 over what was found, + γ · cosine of "
         "the vectors of item and user.");
}

void describe_gate(Gate& gate, engine::Parameters& p) {
  p.model_reference("model", gate.model, "The model that must not have become worse; none: no gate.");
  p.text("metric", gate.metric, "What it is judged by, as \"ndcg@10\"; without @N the first top_n is meant.");
  describe_candidates(gate.candidates, p);
  p.real("max_drop", gate.max_drop, {0, 1e9}, "units of the metric",
         "How much worse than the published run a new run may be.");
}

void describe_output(OutputSpec& output, engine::Parameters& p) {
  p.path("directory", output.directory, "The folder that runs are written to.");
  p.integer("keep", output.keep, {1, 1'000'000}, "runs",
            "How many published runs are kept, the current one among them; older ones are deleted.");
  p.integer("recommendations", output.recommendations, {0, 100'000}, "items",
            "Length of each user's list in recommendations/; 0: no lists are written.");
  p.group("gate", "Publishing is refused where a model has become worse than that of the published run.",
          [&](engine::Parameters& gate) { describe_gate(output.gate, gate); });
}

void describe_warm_start(WarmStart& warm_start, engine::Parameters& p) {
  p.path("run", warm_start.run,
         "The folder of an earlier run, or runs/current; none: models start afresh. mf, pmf, ials, gmf, mlp, neumf, "
         "skip_gram and seq2seq start from the model of the same name, other types are trained afresh.");
  p.flag("required", warm_start.required, "Whether it is an error if there is no such run; false suits a first night.");
  p.real("epochs_share", warm_start.epochs_share, {0, 1, true}, "",
         "Share of their epochs that models which start from the earlier run are trained for, at least one: they have "
         "little to learn anew.");
}

void describe_limits(Limits& limits, engine::Parameters& p) {
  p.optional_real("host_memory", limits.host_memory_gib, {0, 1e6, true}, "GiB",
                  "A job that needs more is refused before it starts; none: what the machine or container has free.");
  p.optional_real("device_memory", limits.device_memory_gib, {0, 1e6, true}, "GiB",
                  "Memory of the CUDA device that the job may hold; none: 95 % of what the device has free. A job that "
                  "needs more is refused before it starts.");
  p.integer("stages_at_once", limits.stages_at_once, {1, 16}, "stages",
            "Stages without need of each other that run at once on a CUDA device, each with streams of its own and an "
            "equal share of its memory; a stage that needs more than its share runs alone there.");
  p.real("checkpoint_seconds", limits.checkpoint_seconds, {0, 86400}, "seconds",
         "Least time between two checkpoints of a training stage.");
}

void describe_run(Job& job, engine::Parameters& p) {
  int64_t version = 1;
  p.integer("schema_version", version, {1, 1}, "", "Version of this format of job files.");
  p.text("name", job.name,
         "Name of the job, part of every run's id: letters, digits, '-', '_' and '.', at most 64, not beginning with a "
         "dot.");
  p.texts("notes", job.notes,
          "What the report says before its tables, a paragraph each: what is compared, what was chosen, what was left "
          "out.");
  auto seed = static_cast<int64_t>(job.seed);
  p.integer("seed", seed, {0}, "", "Seed of everything random: same job, same data, same seed, same bytes.");
  job.seed = static_cast<uint64_t>(seed);
  p.text("device", job.device, "auto, cpu, cuda or cuda:N; an explicit cuda never falls back to the CPU.");
  p.flag("deterministic", job.deterministic,
         "Refuse what could differ from run to run; false allows faster updates without a fixed order.");
  p.integer("threads", job.threads, {0, 4096}, "threads",
            "Threads on the CPU; 0: all cores that the process may use. Results do not depend on it.");
  if (!is_plain_name(job.name, ".")) {
    p.reject("name", "must be 1 to 64 letters, digits, '-', '_' and '.', not beginning with a dot");
  }
  if (!is_device(job.device))
    p.reject("device", fmt::format("\"{}\" is no device: must be auto, cpu, cuda or cuda:N", job.device));
}

}  // namespace

void describe_job(Job& job, engine::Parameters& p, const std::function<void()>& models) {
  describe_run(job, p);
  p.group("dataset", "What is read, and how it is split.",
          [&](engine::Parameters& dataset) { job.dataset.describe(dataset); });
  models();
  p.group("evaluate", "What is measured on the ratings that were held out.",
          [&](engine::Parameters& evaluate) { describe_evaluate(job.evaluate, evaluate); });
  p.group("search", "How `matinee search` finds titles and orders them for a user.",
          [&](engine::Parameters& search) { describe_search(job.search, search); });
  p.group("output", "Where runs are written, and when one is published.",
          [&](engine::Parameters& output) { describe_output(job.output, output); });
  p.group("warm_start", "An earlier run whose ids keep their indices and whose parameters models start from.",
          [&](engine::Parameters& warm_start) { describe_warm_start(job.warm_start, warm_start); });
  p.group("limits", "Bounds on resources.", [&](engine::Parameters& limits) { describe_limits(job.limits, limits); });
}

void describe_initial(ModelSpec& model, engine::Parameters& p) {
  const bool afresh = model.model != nullptr && !model.model->can_start_from_another();
  p.model_reference("initial", model.initial,
                    afresh ? "Refused: models of this type are always trained afresh, after a warm start too."
                           : "Another model of this job whose trained state training starts from, of a kind that "
                             "fits: factors from as many factors with the same link, word vectors from as many "
                             "dimensions; none: starts afresh, or from the model of the same name of the warm start.");
}

bool is_plain_name(std::string_view name, std::string_view more) {
  return !name.empty() && name.size() <= 64 && name.front() != '.' && std::ranges::all_of(name, [&](char letter) {
    return std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '-' || letter == '_' ||
           more.find(letter) != std::string_view::npos;
  });
}

}  // namespace matinee::host
