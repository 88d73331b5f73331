#include <algorithm>

#include <nlohmann/json.hpp>

#include "engine/artifacts/file_writer.h"
#include "engine/evaluation/evaluate.h"
#include "host/config/configured_model.h"
#include "host/report/metrics_json.h"
#include "host/run/cluster_files.h"
#include "host/run/folds.h"
#include "host/run/interest_files.h"
#include "host/run/job_stages.h"
#include "host/run/output_files.h"
#include "host/run/ratio_sweep.h"
#include "host/run/recommendations.h"
#include "host/run/split_words.h"
#include "host/run/word_files.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

constexpr const char* kCorpusFile = "corpus.safetensors";

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

}  // namespace

void JobStages::make_data(Context& context, const fs::path& folder, StageMonitor& monitor) {
  engine::Dataset dataset =
      read_dataset(context, job_.dataset, earlier_ids(warm_start_),
                   [&](double done, double total, std::string_view unit) { advance(monitor, done, total, unit); });
  const PreparedSplit split = make_split(context, dataset, job_.dataset, job_.seed);
  require_unchanged(inputs_.dataset, dataset.inputs);
  require_unchanged(inputs_.dataset, split.inputs);
  write_run_data(folder, dataset, split, split_words(job_.dataset.split, job_.seed));
}

void JobStages::make_text(const JobText& text, const fs::path& folder, StageMonitor& monitor) {
  engine::Corpus corpus;
  if (text.options.source == engine::TextSource::kTitles) {
    corpus = titles_corpus(data().catalogue, text.options);
  } else {
    TextFile file = read_text_file(
        text.options, [&](double done, double total, std::string_view unit) { advance(monitor, done, total, unit); });
    require_unchanged(inputs_.texts, {file.input});
    corpus = std::move(file.corpus);
  }
  for (const std::string& note : corpus.notes) monitor.note(note);
  engine::TensorWriter file;
  corpus.save(file);
  make_folders(folder / kInternalFolder);
  file.write(folder / kInternalFolder / kCorpusFile);
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
  model->load(engine::TensorFile::read(model_file(folder, spec.name, trained_fold(job_, spec, fold))));
  return model;
}

// What a model learns from, and what it looks at meanwhile.
struct JobStages::TrainingData {
  std::shared_ptr<const engine::Fold> fold;
  engine::SparseRatings by_item;
  engine::Corpus corpus;
  std::map<std::string, std::unique_ptr<engine::Model>> references;
  std::unique_ptr<engine::Model> earlier;
  engine::TrainingInput input;
};

void JobStages::read_training_data(const ModelSpec& spec, int number, TrainingData& training) {
  engine::TrainingInput& input = training.input;
  input.seed = fold_seed(job_, number);
  if (spec.model->learns_from_ratings()) {
    training.fold = fold(number);
    training.by_item = engine::transposed(training.fold->train);
    input.by_user = training.fold->train.view();
    input.by_item = training.by_item.view();
    input.grid = data().grid;
    input.catalogue = &data().catalogue;
  }
  if (spec.model->text() != nullptr) {
    const fs::path folder = store_.folder(stages_[text_stage(spec)].fingerprint) / kInternalFolder;
    training.corpus = engine::Corpus::load(engine::TensorFile::read(folder / kCorpusFile));
    input.corpus = &training.corpus;
  }
  for (const ModelSpec& other : job_.models) {
    if (std::find(spec.references.begin(), spec.references.end(), other.name) == spec.references.end()) continue;
    training.references[other.name] = trained(other, number);
    input.references[other.name] = training.references[other.name].get();
  }
  if (!spec.initial.empty()) input.initial = training.references.at(spec.initial).get();
  if (starts_from_earlier(spec, number)) {
    training.earlier = warm_start_->model(spec.name);
    input.initial = training.earlier.get();
  }
}

void JobStages::train(Context& context, const ModelSpec& spec, int number, const fs::path& folder,
                      StageMonitor& monitor) {
  TrainingData training;
  read_training_data(spec, number, training);
  const auto model = configured_model(spec, training.earlier != nullptr ? job_.warm_start.epochs_share : 1);
  model->train(context, training.input, monitor);
  engine::TensorWriter file;
  model->save(file);
  const fs::path path = folder / fs::relative(model_file(store_.folder(""), spec.name, number), store_.folder(""));
  make_folders(path.parent_path());
  file.write(path);
  if (number != 0) return;
  nlohmann::ordered_json json = {{"name", spec.name},
                                 {"type", model->type()},
                                 {"parameters", nlohmann::ordered_json::parse(location_free(spec.resolved))},
                                 {"seed", job_.seed}};
  if (spec.model->learns_from_ratings()) {
    const engine::RatingGrid& grid = data().grid;
    json["users"] = data().users.size();
    json["items"] = data().items.size();
    json["training_ratings"] = training.fold->train.size();
    json["rating_grid"] = {{"step", grid.step}, {"minimum", grid.minimum()}, {"maximum", grid.maximum()}};
  }
  if (spec.model->text() != nullptr) {
    json["text"] = {{"documents", training.corpus.documents()},
                    {"words", training.corpus.words()},
                    {"vocabulary", training.corpus.vocabulary.word_count()}};
  }
  json["deterministic"] = model->deterministic();
  engine::write_file(path.parent_path() / "model.json", json.dump(1) + "\n");
  if (const auto words = model->word_vectors()) {
    write_word_files(path.parent_path(), context, *words, training.corpus);
  }
  if (const engine::UserClusters* clusters = model->user_clusters(); clusters != nullptr) {
    write_cluster_files(path.parent_path(), *clusters, data().users);
  }
  if (const engine::TextEncoder* encoder = model->text_encoder(); encoder != nullptr) {
    write_decoded(path.parent_path(), encoder->sample_texts(context, training.corpus, job_.seed));
  }
}

void JobStages::represent(Context& context, const ModelSpec& spec, const fs::path& folder, StageMonitor& monitor) {
  const fs::path models = folder / "models" / spec.name;
  make_folders(models);
  const auto model = trained(spec, 0);
  write_interest_files(models, context, *model->text_encoder(), data(), fold(0)->train, job_.dataset.positive_from,
                       [&](double done, double total) { advance(monitor, done, total, "texts"); });
}

void JobStages::evaluate(Context& context, const ModelSpec& spec, const fs::path& folder, StageMonitor& monitor) {
  std::unique_ptr<engine::Model> model;
  std::shared_ptr<const engine::Fold> data;
  const std::vector<int> folds = measured_folds(folds_);
  const auto load = [&](int64_t number) {
    const int chosen = folds[static_cast<std::size_t>(number)];
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

void JobStages::sweep_ratios(Context& context, const RatioSweep& sweep, const ModelSpec& spec, const fs::path& folder,
                             StageMonitor& monitor) {
  const std::vector<int> folds = measured_folds(folds_);
  const auto load = [&](int64_t number) {
    const int chosen = folds[static_cast<std::size_t>(number)];
    return sweep_fold(fold(chosen), data().catalogue, spec, fold_seed(job_, chosen), [&](const std::string& name) {
      return trained(*std::ranges::find(job_.models, name, &ModelSpec::name), chosen);
    });
  };
  RatioSweeps sweeps;
  sweeps[spec.name] =
      measure_ratios(context, sweep, spec, std::ssize(folds), load, job_.evaluate.options, job_.seed,
                     [&](double done, double total, std::string_view unit) { advance(monitor, done, total, unit); });
  engine::write_file(folder / kInternalFolder / "metrics.json", metrics_to_json({}, sweeps));
}

void JobStages::recommend(Context& context, const ModelSpec& spec, const fs::path& folder, StageMonitor& monitor) {
  make_folders(folder / "recommendations");
  const auto model = trained(spec, 0);
  write_recommendations(folder / "recommendations" / (spec.name + ".tsv"), context, *model, data(), fold(0)->train,
                        job_.output.recommendations,
                        [&](double done, double total) { advance(monitor, done, total, "users"); });
}

}  // namespace matinee::host
