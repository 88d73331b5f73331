#include "host/run/job_stages.h"

#include <algorithm>
#include <functional>
#include <set>

#include <nlohmann/json.hpp>

#include "engine/artifacts/file_writer.h"
#include "engine/artifacts/sha256.h"
#include "engine/evaluation/evaluate.h"
#include "engine/evaluation/measure_ranking.h"
#include "host/config/configured_model.h"
#include "host/config/search_model.h"
#include "host/report/metrics_json.h"
#include "host/run/folds.h"
#include "host/run/manifest.h"
#include "host/run/output_files.h"
#include "host/run/ratio_sweep.h"
#include "host/run/recommendations.h"
#include "host/run/split_words.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
JobInputs hashed_inputs(const Job& job) {
  const auto hashed = [](const std::string& path) {
    return engine::InputFile{path, engine::sha256_of_file(path), static_cast<int64_t>(fs::file_size(path))};
  };
  JobInputs inputs;
  for (const std::string& path : input_files(job.dataset)) inputs.dataset.push_back(hashed(path));
  for (const ModelSpec& spec : job.models) {
    const engine::TextOptions* text = spec.model->text();
    if (text == nullptr || text->source != engine::TextSource::kFile) continue;
    if (std::ranges::find(inputs.texts, text->path, &engine::InputFile::path) != inputs.texts.end()) continue;
    inputs.texts.push_back(hashed(text->path));
  }
  return inputs;
}

std::vector<engine::InputFile> JobInputs::all() const {
  std::vector<engine::InputFile> files = dataset;
  files.insert(files.end(), texts.begin(), texts.end());
  return files;
}

EarlierIds earlier_ids(const OpenRun* warm_start) {
  if (warm_start == nullptr) return {};
  return {&warm_start->data.users, &warm_start->data.items};
}

std::string location_free(const std::string& resolved_model) {
  auto json = nlohmann::ordered_json::parse(resolved_model);
  if (json.contains("text")) json["text"].erase("path");
  return json.dump();
}

JobStages::JobStages(const Job& job, JobContexts& contexts, StageStore store, const PredictedShape& shape,
                     const OpenRun* warm_start, JobInputs inputs, std::vector<JobText> texts)
    : job_(job),
      contexts_(contexts),
      store_(std::move(store)),
      shape_(shape),
      warm_start_(warm_start),
      folds_(fold_count(job.dataset.split)),
      inputs_(std::move(inputs)),
      texts_(std::move(texts)) {
  add_data_stage();
  for (const JobText& text : texts_) add_text_stage(text);
  for (const ModelSpec* spec : models_in_order()) {
    add_training(*spec, 0);
    for (int fold = 1; folds_ > 1 && fold <= folds_; ++fold) add_training(*spec, fold);
    if (makes_interest(job_.dataset, *spec)) add_interest(*spec);
    if (!spec->model->recommends()) continue;
    if (folds_ > 0 && evaluated(*spec)) add_evaluation(*spec);
    if (job_.output.recommendations > 0) add_recommendations(*spec);
  }
  for (const RatioSweep& sweep : job_.evaluate.ratio_sweeps) {
    const auto spec = std::ranges::find(job_.models, sweep.model, &ModelSpec::name);
    if (folds_ > 0 && spec != job_.models.end()) add_ratio_sweep(sweep, *spec);
  }
  add_search();
}

std::vector<const ModelSpec*> JobStages::models_in_order() const {
  std::vector<const ModelSpec*> order;
  std::set<std::string> placed;
  const std::function<void(const ModelSpec&)> place = [&](const ModelSpec& spec) {
    if (!placed.insert(spec.name).second) return;
    for (const std::string& reference : spec.references) {
      for (const ModelSpec& other : job_.models) {
        if (other.name == reference) place(other);
      }
    }
    order.push_back(&spec);
  };
  for (const ModelSpec& spec : job_.models) place(spec);
  return order;
}

bool JobStages::evaluated(const ModelSpec& spec) const {
  const auto& wanted = job_.evaluate.models;
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), spec.name) != wanted.end();
}

std::string JobStages::fingerprint(const std::string& stage, Device device,
                                   const std::vector<std::string>& parts) const {
  engine::Sha256 hash;
  const auto add = [&](const std::string& part) { hash.update(fmt::format("{}:{}", part.size(), part)); };
  add(program_sha256());
  add(to_string(device));
  add(stage);
  add(std::to_string(job_.seed));
  for (const std::string& part : parts) add(part);
  return hash.hex();
}

int64_t JobStages::ratings_bytes() const {
  const engine::DataShape& shape = shape_.shape;
  // item or user index and level, in both orders; offsets; id text of both maps
  return shape.ratings * 2 * 5 + (shape.users + shape.items) * (8 + 96);
}

int64_t JobStages::ranking_device_bytes(const ModelSpec& spec, int64_t length) const {
  const engine::DataShape& shape = shape_.shape;
  const int64_t row = shape.items * static_cast<int64_t>(sizeof(float));
  const int64_t rows =
      std::clamp<int64_t>(engine::kBlockBytes / std::max<int64_t>(row, 1), 1, std::max<int64_t>(shape.users, 1));
  // Scores, a bit an item for what was seen, ids of that, and the lists as keys and as items.
  const int64_t seen = shape.ratings * rows / std::max<int64_t>(shape.users, 1) * 4;
  return spec.model->scoring_device_bytes(shape) + rows * (row + row / 32 + 16 * length) + seen;
}

void JobStages::add_data_stage() {
  std::vector<std::string> parts = {job_.dataset_resolved};
  for (const engine::InputFile& input : inputs_.dataset) parts.push_back(input.sha256);
  if (warm_start_ != nullptr) {
    parts.push_back(engine::sha256_of_file(warm_start_->folder / "ids/users.tsv"));
    parts.push_back(engine::sha256_of_file(warm_start_->folder / "ids/items.tsv"));
  }
  data_fingerprint_ = fingerprint("data", Device{}, parts);
  Stage stage;
  stage.name = "data";
  stage.fingerprint = data_fingerprint_;
  const int64_t roles = folds_ * shape_.shape.ratings;  // a byte each
  stage.host_bytes = shape_.reading_bytes + roles + ratings_bytes();
  stage.run = [this](Context& context, const fs::path& folder, StageMonitor& monitor) {
    make_data(context, folder, monitor);
  };
  stages_.push_back(std::move(stage));
}

void JobStages::add_text_stage(const JobText& text) {
  Stage stage;
  stage.name = "text of " + text.name;
  std::vector<std::string> parts = {text.fingerprint_part()};
  if (text.options.source == engine::TextSource::kTitles) {
    stage.after = {0};
    parts.push_back(data_fingerprint_);
    stage.host_bytes = ratings_bytes();
  }
  for (const engine::InputFile& input : inputs_.texts) {
    if (input.path == text.options.path) parts.push_back(input.sha256);
  }
  stage.fingerprint = fingerprint("text", stage.device, parts);
  stage.host_bytes += text.predicted.reading_bytes;
  stage.run = [this, &text](Context&, const fs::path& folder, StageMonitor& monitor) {
    make_text(text, folder, monitor);
  };
  text_stages_.push_back(stages_.size());
  stages_.push_back(std::move(stage));
}

std::size_t JobStages::text_stage(const ModelSpec& spec) const {
  return text_stages_[static_cast<std::size_t>(text_of(texts_, *spec.model) - texts_.data())];
}

bool JobStages::starts_from_earlier(const ModelSpec& spec, int fold) const {
  return warm_start_ != nullptr && fold == 0 && spec.initial.empty() && spec.model->can_start_from_another() &&
         fs::exists(model_file(warm_start_->folder, spec.name, 0));
}

void JobStages::add_training(const ModelSpec& spec, int fold) {
  if (fold > 0 && trained_fold(job_, spec, fold) == 0) {
    training_fingerprints_[spec.name + fold_text(fold)] = training_fingerprints_.at(spec.name);
    training_stages_[spec.name + fold_text(fold)] = training_stages_.at(spec.name);
    return;
  }
  Stage stage;
  stage.name = training_stage(spec.name, fold);
  std::vector<std::string> parts = {location_free(spec.resolved), std::to_string(fold_seed(job_, fold))};
  if (spec.model->learns_from_ratings()) {
    stage.after = {0};
    parts.push_back(data_fingerprint_);
  }
  if (spec.model->text() != nullptr) {
    stage.after.push_back(text_stage(spec));
    parts.push_back(stages_[text_stage(spec)].fingerprint);
  }
  for (const std::string& reference : spec.references) {
    parts.push_back(training_fingerprints_.at(reference + fold_text(fold)));
    stage.after.push_back(training_stages_.at(reference + fold_text(fold)));
  }
  if (starts_from_earlier(spec, fold)) {
    parts.push_back(engine::sha256_of_file(model_file(warm_start_->folder, spec.name, 0)));
    parts.push_back(fmt::format("{}", job_.warm_start.epochs_share));
  }
  stage.device = contexts_.device_for(spec.model->trains_on_cuda());
  stage.memory_remedy = spec.model->memory_remedy();
  stage.fingerprint = fingerprint(stage.name, stage.device, parts);
  const engine::DataShape shape = shape_for(shape_.shape, text_of(texts_, *spec.model));
  stage.host_bytes =
      (spec.model->learns_from_ratings() ? ratings_bytes() : 0) + spec.model->host_bytes(shape) + reference_bytes(spec);
  if (stage.device.kind == DeviceKind::kCuda) {
    stage.device_bytes = spec.model->device_bytes(shape);
    stage.least_device_bytes = spec.model->least_device_bytes(shape);
  }
  stage.run = [this, &spec, fold](Context& context, const fs::path& folder, StageMonitor& monitor) {
    train(context, spec, fold, folder, monitor);
  };
  training_fingerprints_[spec.name + fold_text(fold)] = stage.fingerprint;
  training_stages_[spec.name + fold_text(fold)] = stages_.size();
  stages_.push_back(std::move(stage));
}

Stage JobStages::ranking_stage(const std::string& name, const ModelSpec& spec, int64_t length) const {
  Stage stage;
  stage.name = name;
  stage.after = {0};
  stage.device = contexts_.device_for(spec.model->scores_on_cuda());
  stage.memory_remedy = spec.model->memory_remedy();
  stage.host_bytes = ratings_bytes() + spec.model->host_bytes(shape_.shape);
  if (stage.device.kind == DeviceKind::kCuda) {
    stage.device_bytes = stage.least_device_bytes = ranking_device_bytes(spec, length);
  }
  return stage;
}

void JobStages::add_evaluation(const ModelSpec& spec) {
  const engine::EvaluationOptions& options = job_.evaluate.options;
  Stage stage =
      ranking_stage("evaluate " + spec.name, spec, *std::max_element(options.top_n.begin(), options.top_n.end()));
  std::vector<std::string> parts = {job_.evaluate_resolved};
  for (const int fold : measured_folds(folds_)) {
    parts.push_back(training_fingerprints_.at(spec.name + fold_text(fold)));
    stage.after.push_back(training_stages_.at(spec.name + fold_text(fold)));
  }
  stage.fingerprint = fingerprint(stage.name, stage.device, parts);
  stage.host_bytes += engine::evaluation_bytes(shape_.shape, options, contexts_.cpu().threads());
  stage.run = [this, &spec](Context& context, const fs::path& folder, StageMonitor& monitor) {
    evaluate(context, spec, folder, monitor);
  };
  stages_.push_back(std::move(stage));
}

int64_t JobStages::reference_bytes(const ModelSpec& spec) const {
  int64_t bytes = 0;
  for (const ModelSpec& other : job_.models) {
    if (std::ranges::find(spec.references, other.name) == spec.references.end()) continue;
    const engine::DataShape shape = shape_for(shape_.shape, text_of(texts_, *other.model));
    bytes += other.model->host_bytes(shape) + other.model->comparison_bytes(shape);
  }
  return bytes;
}

void JobStages::add_ratio_sweep(const RatioSweep& sweep, const ModelSpec& spec) {
  Stage stage;
  stage.name = "sweep " + spec.name;
  stage.after = {0};
  stage.memory_remedy = spec.model->memory_remedy();
  std::vector<std::string> parts = {job_.evaluate_resolved, spec.resolved, data_fingerprint_};
  parts.insert(parts.end(), sweep.ratios.begin(), sweep.ratios.end());
  for (const int fold : measured_folds(folds_)) {
    for (const std::string& reference : spec.references) {
      parts.push_back(training_fingerprints_.at(reference + fold_text(fold)));
      stage.after.push_back(training_stages_.at(reference + fold_text(fold)));
    }
  }
  stage.fingerprint = fingerprint(stage.name, stage.device, parts);
  stage.host_bytes = ratings_bytes() + reference_bytes(spec) + ratio_sweep_bytes(sweep, spec, shape_.shape) +
                     engine::evaluation_bytes(shape_.shape, job_.evaluate.options, contexts_.cpu().threads());
  stage.run = [this, &sweep, &spec](Context& context, const fs::path& folder, StageMonitor& monitor) {
    sweep_ratios(context, sweep, spec, folder, monitor);
  };
  stages_.push_back(std::move(stage));
}

void JobStages::add_interest(const ModelSpec& spec) {
  Stage stage;
  stage.name = "interest " + spec.name;
  stage.after = {0, training_stages_.at(spec.name)};
  stage.device = contexts_.device_for(spec.model->trains_on_cuda());
  const engine::DataShape shape = shape_for(shape_.shape, text_of(texts_, *spec.model));
  stage.host_bytes = ratings_bytes() + spec.model->host_bytes(shape);
  if (stage.device.kind == DeviceKind::kCuda) {
    stage.device_bytes = stage.least_device_bytes = spec.model->device_bytes(shape);
  }
  const auto& liked = job_.dataset.positive_from;
  stage.fingerprint =
      fingerprint(stage.name, stage.device,
                  {training_fingerprints_.at(spec.name), data_fingerprint_, liked ? fmt::format("{}", *liked) : ""});
  stage.run = [this, &spec](Context& context, const fs::path& folder, StageMonitor& monitor) {
    represent(context, spec, folder, monitor);
  };
  interest_stages_[spec.name] = stages_.size();
  stages_.push_back(std::move(stage));
}

void JobStages::add_recommendations(const ModelSpec& spec) {
  Stage stage = ranking_stage("recommend " + spec.name, spec, job_.output.recommendations);
  stage.fingerprint = fingerprint(stage.name, stage.device,
                                  {training_fingerprints_.at(spec.name), std::to_string(job_.output.recommendations)});
  stage.after.push_back(training_stages_.at(spec.name));
  stage.host_bytes += recommendation_bytes(shape_.shape, job_.output.recommendations);
  stage.run = [this, &spec](Context& context, const fs::path& folder, StageMonitor& monitor) {
    recommend(context, spec, folder, monitor);
  };
  stages_.push_back(std::move(stage));
}

}  // namespace matinee::host
