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
#include "host/run/signals.h"
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
  if (stop_signal() != 0) throw engine::Stopped{};
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

std::string JobStages::fingerprint(const std::string& stage, const Context& context,
                                   const std::vector<std::string>& parts) const {
  engine::Sha256 hash;
  const auto add = [&](const std::string& part) { hash.update(fmt::format("{}:{}", part.size(), part)); };
  add(program_sha256());
  add(to_string(context.device()));
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
  data_fingerprint_ = fingerprint("data", contexts_.cpu(), parts);
  const int64_t roles = folds_ * shape_.shape.ratings;  // a byte each
  stages_.push_back({"data", data_fingerprint_, shape_.reading_bytes + roles + ratings_bytes(), 0, &contexts_.cpu(),
                     [this](const fs::path& folder, StageMonitor& monitor) { make_data(folder, monitor); }});
}

void JobStages::add_training(const ModelSpec& spec, int fold) {
  const std::string name = "train " + spec.name + fold_text(fold);
  std::vector<std::string> parts = {data_fingerprint_, spec.resolved};
  for (const std::string& reference : spec.references) {
    parts.push_back(training_fingerprints_.at(reference + fold_text(fold)));
  }
  if (warm_start_ != nullptr && fold == 0) {
    const fs::path earlier = model_file(warm_start_->folder, spec.name, 0);
    if (fs::exists(earlier)) parts.push_back(engine::sha256_of_file(earlier));
  }
  Context& context = contexts_.for_work(spec.model->trains_on_cuda());
  const std::string training = fingerprint(name, context, parts);
  training_fingerprints_[spec.name + fold_text(fold)] = training;
  stages_.push_back(
      {name, training, ratings_bytes() + spec.model->host_bytes(shape_.shape),
       context.on_cuda() ? spec.model->device_bytes(shape_.shape) : 0, &context,
       [this, &spec, fold](const fs::path& folder, StageMonitor& monitor) { train(spec, fold, folder, monitor); }});
}

void JobStages::add_evaluation(const ModelSpec& spec) {
  std::vector<std::string> parts = {job_.evaluate_resolved};
  for (int fold = folds_ > 1 ? 1 : 0; fold <= (folds_ > 1 ? folds_ : 0); ++fold) {
    parts.push_back(training_fingerprints_.at(spec.name + fold_text(fold)));
  }
  const int64_t bytes = ratings_bytes() + spec.model->host_bytes(shape_.shape) +
                        engine::evaluation_bytes(shape_.shape, job_.evaluate.options, contexts_.cpu().threads());
  Context& context = contexts_.for_work(spec.model->scores_on_cuda());
  const int64_t longest = *std::max_element(job_.evaluate.options.top_n.begin(), job_.evaluate.options.top_n.end());
  stages_.push_back(
      {"evaluate " + spec.name, fingerprint("evaluate " + spec.name, context, parts), bytes,
       context.on_cuda() ? ranking_device_bytes(spec, longest) : 0, &context,
       [this, &spec](const fs::path& folder, StageMonitor& monitor) { evaluate(spec, folder, monitor); }});
}

void JobStages::add_recommendations(const ModelSpec& spec) {
  const std::vector<std::string> parts = {training_fingerprints_.at(spec.name),
                                          std::to_string(job_.output.recommendations)};
  const int64_t bytes = ratings_bytes() + spec.model->host_bytes(shape_.shape) +
                        recommendation_bytes(shape_.shape, job_.output.recommendations);
  Context& context = contexts_.for_work(spec.model->scores_on_cuda());
  stages_.push_back(
      {"recommend " + spec.name, fingerprint("recommend " + spec.name, context, parts), bytes,
       context.on_cuda() ? ranking_device_bytes(spec, job_.output.recommendations) : 0, &context,
       [this, &spec](const fs::path& folder, StageMonitor& monitor) { recommend(spec, folder, monitor); }});
}

void JobStages::make_data(const fs::path& folder, StageMonitor& monitor) {
  engine::Dataset dataset =
      read_dataset(contexts_.cpu(), job_.dataset, earlier_ids(warm_start_),
                   [&](double done, double total, std::string_view unit) { advance(monitor, done, total, unit); });
  const PreparedSplit split = make_split(contexts_.cpu(), dataset, job_.dataset, job_.seed);
  require_unchanged(inputs_, dataset.inputs);
  require_unchanged(inputs_, split.inputs);
  write_run_data(folder, dataset, split, split_words(job_.dataset.split));
}

const RunData& JobStages::data() {
  if (!data_) data_ = read_run_data(data_folder());
  return *data_;
}

const engine::Fold& JobStages::fold(int number) {
  if (!loaded_fold_ || loaded_number_ != number) {
    loaded_fold_.reset();
    loaded_fold_ = read_fold(data_folder(), data(), number);
    loaded_number_ = number;
  }
  return *loaded_fold_;
}

std::unique_ptr<engine::Model> JobStages::trained(const ModelSpec& spec, int fold) const {
  auto model = configured_model(spec);
  const fs::path folder = store_.folder(training_fingerprints_.at(spec.name + fold_text(fold)));
  model->load(engine::TensorFile::read(model_file(folder, spec.name, fold)));
  return model;
}

void JobStages::train(const ModelSpec& spec, int number, const fs::path& folder, StageMonitor& monitor) {
  const engine::Fold& training = fold(number);
  const engine::SparseRatings by_item = engine::transposed(training.train);

  engine::TrainingInput input{
      training.train.view(), by_item.view(), data().grid, &data().catalogue, job_.seed, nullptr, {}};
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
  model->train(contexts_.for_work(model->trains_on_cuda()), input, monitor);
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
      {"training_ratings", training.train.size()},
      {"rating_grid",
       {{"step", data().grid.step}, {"minimum", data().grid.minimum()}, {"maximum", data().grid.maximum()}}},
      {"deterministic", model->deterministic()}};
  engine::write_file(path.parent_path() / "model.json", json.dump(1) + "\n");
}

void JobStages::evaluate(const ModelSpec& spec, const fs::path& folder, StageMonitor& monitor) {
  std::unique_ptr<engine::Model> model;
  const auto load = [&](int64_t number) {
    const int chosen = folds_ > 1 ? static_cast<int>(number) + 1 : 0;
    model.reset();
    model = trained(spec, chosen);
    return engine::EvaluatedFold{model.get(), &fold(chosen)};
  };
  const auto evaluations =
      engine::evaluate(contexts_.for_work(spec.model->scores_on_cuda()), folds_, load, job_.evaluate.options, job_.seed,
                       [&](double done, double total) { advance(monitor, done, total, "users"); });
  engine::write_file(folder / kInternalFolder / "metrics.json", metrics_to_json({{spec.name, evaluations}}));
}

void JobStages::recommend(const ModelSpec& spec, const fs::path& folder, StageMonitor& monitor) {
  make_folders(folder / "recommendations");
  const auto model = trained(spec, 0);
  write_recommendations(folder / "recommendations" / (spec.name + ".tsv"), contexts_.for_work(model->scores_on_cuda()),
                        *model, data(), fold(0).train, job_.output.recommendations,
                        [&](double done, double total) { advance(monitor, done, total, "users"); });
}

}  // namespace matinee::host
