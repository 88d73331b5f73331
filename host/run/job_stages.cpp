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
#include "host/report/metrics_json.h"
#include "host/run/manifest.h"
#include "host/run/output_files.h"
#include "host/run/recommendations.h"
#include "host/run/split_words.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

std::string fold_text(int fold) {
  return fold == 0 ? "" : fmt::format(" fold {}", fold);
}

// Progress of a stage that keeps no checkpoint: a signal ends it at once.
void advance(StageMonitor& monitor, double done, double total, std::string_view unit) {
  if (monitor.stop_wanted()) throw engine::Stopped{};
  monitor.progress(done, total, unit);
}

// Fingerprints and the manifest state the hashes that the files had when the job began.
void require_unchanged(const std::vector<engine::InputFile>& hashed, const std::vector<engine::InputFile>& read) {
  for (const engine::InputFile& file : read) {
    const bool same = std::any_of(hashed.begin(), hashed.end(), [&](const engine::InputFile& before) {
      return before.path == file.path && before.sha256 == file.sha256;
    });
    if (!same) {
      fail(ErrorKind::kInput,
           "{}: changed after the job had begun: what was read has another sha256. Start the job again when the file "
           "is complete",
           file.path);
    }
  }
}

int fold_count(const SplitSpec& split) {
  switch (split.kind) {
    case SplitKind::kNone:
      return 0;
    case SplitKind::kKFold:
      return static_cast<int>(split.folds);
    case SplitKind::kFiles:
      return static_cast<int>(split.test.size());
    default:
      return 1;
  }
}

}  // namespace

std::vector<engine::InputFile> hashed_inputs(const DatasetSpec& dataset) {
  std::vector<engine::InputFile> inputs;
  for (const std::string& path : input_files(dataset)) {
    inputs.push_back({path, engine::sha256_of_file(path), static_cast<int64_t>(fs::file_size(path))});
  }
  return inputs;
}

EarlierIds earlier_ids(const OpenRun* warm_start) {
  if (warm_start == nullptr) return {};
  return {&warm_start->data.users, &warm_start->data.items};
}

JobStages::JobStages(const Job& job, JobContexts& contexts, StageStore store, const PredictedShape& shape,
                     const OpenRun* warm_start, std::vector<engine::InputFile> inputs)
    : job_(job),
      contexts_(contexts),
      store_(std::move(store)),
      shape_(shape),
      warm_start_(warm_start),
      folds_(fold_count(job.dataset.split)),
      inputs_(std::move(inputs)) {
  add_data_stage();
  for (const ModelSpec* spec : models_in_order()) {
    add_training(*spec, 0);
    for (int fold = 1; folds_ > 1 && fold <= folds_; ++fold) add_training(*spec, fold);
    if (folds_ > 0 && evaluated(*spec)) add_evaluation(*spec);
    if (job_.output.recommendations > 0) add_recommendations(*spec);
  }
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
  for (const engine::InputFile& input : inputs_) parts.push_back(input.sha256);
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

void JobStages::add_training(const ModelSpec& spec, int fold) {
  Stage stage;
  stage.name = "train " + spec.name + fold_text(fold);
  stage.after = {0};
  std::vector<std::string> parts = {data_fingerprint_, spec.resolved};
  for (const std::string& reference : spec.references) {
    parts.push_back(training_fingerprints_.at(reference + fold_text(fold)));
    stage.after.push_back(training_stages_.at(reference + fold_text(fold)));
  }
  if (warm_start_ != nullptr && fold == 0) {
    const fs::path earlier = model_file(warm_start_->folder, spec.name, 0);
    if (fs::exists(earlier)) parts.push_back(engine::sha256_of_file(earlier));
  }
  stage.device = contexts_.device_for(spec.model->trains_on_cuda());
  stage.fingerprint = fingerprint(stage.name, stage.device, parts);
  stage.host_bytes = ratings_bytes() + spec.model->host_bytes(shape_.shape);
  if (stage.device.kind == DeviceKind::kCuda) {
    stage.device_bytes = spec.model->device_bytes(shape_.shape);
    stage.least_device_bytes = spec.model->least_device_bytes(shape_.shape);
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
  for (int fold = folds_ > 1 ? 1 : 0; fold <= (folds_ > 1 ? folds_ : 0); ++fold) {
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

void JobStages::make_data(Context& context, const fs::path& folder, StageMonitor& monitor) {
  engine::Dataset dataset =
      read_dataset(context, job_.dataset, earlier_ids(warm_start_),
                   [&](double done, double total, std::string_view unit) { advance(monitor, done, total, unit); });
  const PreparedSplit split = make_split(context, dataset, job_.dataset, job_.seed);
  require_unchanged(inputs_, dataset.inputs);
  require_unchanged(inputs_, split.inputs);
  write_run_data(folder, dataset, split, split_words(job_.dataset.split));
}

const RunData& JobStages::data() {
  const std::lock_guard lock(reading_);
  if (!data_) data_ = read_run_data(data_folder());
  return *data_;
}

std::shared_ptr<const engine::Fold> JobStages::fold(int number) {
  const RunData& all = data();
  const std::lock_guard lock(reading_);
  if (!loaded_fold_ || loaded_number_ != number) {
    loaded_fold_.reset();
    loaded_fold_ = std::make_shared<const engine::Fold>(read_fold(data_folder(), all, number));
    loaded_number_ = number;
  }
  return loaded_fold_;
}

std::unique_ptr<engine::Model> JobStages::trained(const ModelSpec& spec, int fold) const {
  auto model = configured_model(spec);
  const fs::path folder = store_.folder(training_fingerprints_.at(spec.name + fold_text(fold)));
  model->load(engine::TensorFile::read(model_file(folder, spec.name, fold)));
  return model;
}

void JobStages::train(Context& context, const ModelSpec& spec, int number, const fs::path& folder,
                      StageMonitor& monitor) {
  const auto training = fold(number);
  const engine::SparseRatings by_item = engine::transposed(training->train);

  engine::TrainingInput input{
      training->train.view(), by_item.view(), data().grid, &data().catalogue, job_.seed, nullptr, {}};
  std::map<std::string, std::unique_ptr<engine::Model>> references;
  for (const ModelSpec& other : job_.models) {
    if (std::find(spec.references.begin(), spec.references.end(), other.name) == spec.references.end()) continue;
    references[other.name] = trained(other, number);
    input.references[other.name] = references[other.name].get();
  }
  if (!spec.initial.empty()) input.initial = references.at(spec.initial).get();
  std::unique_ptr<engine::Model> earlier;
  if (warm_start_ != nullptr && number == 0 && input.initial == nullptr &&
      fs::exists(model_file(warm_start_->folder, spec.name, 0))) {
    earlier = warm_start_->model(spec.name);
    input.initial = earlier.get();
  }

  const auto model = configured_model(spec);
  model->train(context, input, monitor);
  engine::TensorWriter file;
  model->save(file);
  const fs::path path = folder / fs::relative(model_file(store_.folder(""), spec.name, number), store_.folder(""));
  make_folders(path.parent_path());
  file.write(path);
  if (number != 0) return;
  const nlohmann::ordered_json json = {
      {"name", spec.name},
      {"type", model->type()},
      {"parameters", nlohmann::ordered_json::parse(spec.resolved)},
      {"seed", job_.seed},
      {"users", data().users.size()},
      {"items", data().items.size()},
      {"training_ratings", training->train.size()},
      {"rating_grid",
       {{"step", data().grid.step}, {"minimum", data().grid.minimum()}, {"maximum", data().grid.maximum()}}},
      {"deterministic", model->deterministic()}};
  engine::write_file(path.parent_path() / "model.json", json.dump(1) + "\n");
}

void JobStages::evaluate(Context& context, const ModelSpec& spec, const fs::path& folder, StageMonitor& monitor) {
  std::unique_ptr<engine::Model> model;
  std::shared_ptr<const engine::Fold> data;
  const auto load = [&](int64_t number) {
    const int chosen = folds_ > 1 ? static_cast<int>(number) + 1 : 0;
    model.reset();
    data.reset();
    model = trained(spec, chosen);
    data = fold(chosen);
    return engine::EvaluatedFold{model.get(), data.get()};
  };
  const auto evaluations = engine::evaluate(context, folds_, load, job_.evaluate.options, job_.seed,
                                            [&](double done, double total) { advance(monitor, done, total, "users"); });
  engine::write_file(folder / kInternalFolder / "metrics.json", metrics_to_json({{spec.name, evaluations}}));
}

void JobStages::recommend(Context& context, const ModelSpec& spec, const fs::path& folder, StageMonitor& monitor) {
  make_folders(folder / "recommendations");
  const auto model = trained(spec, 0);
  write_recommendations(folder / "recommendations" / (spec.name + ".tsv"), context, *model, data(), fold(0)->train,
                        job_.output.recommendations,
                        [&](double done, double total) { advance(monitor, done, total, "users"); });
}

}  // namespace matinee::host
