#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/config/job.h"
#include "host/readers/read_dataset.h"
#include "host/run/job_contexts.h"
#include "host/run/job_texts.h"
#include "host/run/open_run.h"
#include "host/run/scheduler.h"

namespace matinee::host {

// The files that a job reads, with their hashes.
struct JobInputs {
  std::vector<engine::InputFile> dataset, texts;

  std::vector<engine::InputFile> all() const;
};

// The stages of a job, in order: data; each text that models learn from; for each model, after those it refers to, its
// training per fold; its evaluation; its recommendations, where it recommends; its interest vectors, where it makes
// them; at last the sweeps of ratios, the index of titles and how well a search finds with it. Fingerprints are known
// from the start: they chain code, parameters, seed and the hashes of the inputs.
class JobStages {
 public:
  // `shape` is what the job was predicted to hold; `inputs` are hashed_inputs(), or nothing where only memory is asked
  // for.
  JobStages(const Job& job, JobContexts& contexts, StageStore store, const PredictedShape& shape,
            const OpenRun* warm_start, JobInputs inputs, std::vector<JobText> texts);

  const std::vector<Stage>& stages() const { return stages_; }
  const JobInputs& inputs() const { return inputs_; }
  const std::string& data_fingerprint() const { return data_fingerprint_; }

 private:
  struct TrainingData;

  void add_data_stage();
  void add_text_stage(const JobText& text);
  void add_training(const ModelSpec& spec, int fold);
  // What evaluation and recommendation have in common.
  Stage ranking_stage(const std::string& name, const ModelSpec& spec, int64_t length) const;
  void add_evaluation(const ModelSpec& spec);
  void add_recommendations(const ModelSpec& spec);
  void add_ratio_sweep(const RatioSweep& sweep, const ModelSpec& spec);
  // Vectors of directors, movies and users, by a model that makes them of texts.
  void add_interest(const ModelSpec& spec);

  // The index of titles, and how well a search finds with it.
  void add_search();
  void add_search_quality(std::size_t index_stage, const std::string& index_fingerprint);

  void make_data(Context& context, const std::filesystem::path& folder, StageMonitor& monitor);
  void make_text(const JobText& text, const std::filesystem::path& folder, StageMonitor& monitor);
  void read_training_data(const ModelSpec& spec, int fold, TrainingData& training);
  void train(Context& context, const ModelSpec& spec, int fold, const std::filesystem::path& folder,
             StageMonitor& monitor);
  void evaluate(Context& context, const ModelSpec& spec, const std::filesystem::path& folder, StageMonitor& monitor);
  void recommend(Context& context, const ModelSpec& spec, const std::filesystem::path& folder, StageMonitor& monitor);
  void sweep_ratios(Context& context, const RatioSweep& sweep, const ModelSpec& spec,
                    const std::filesystem::path& folder, StageMonitor& monitor);
  void represent(Context& context, const ModelSpec& spec, const std::filesystem::path& folder, StageMonitor& monitor);

  std::vector<const ModelSpec*> models_in_order() const;
  bool evaluated(const ModelSpec& spec) const;
  // Whether training goes on from the model of this name of the warm start's run.
  bool starts_from_earlier(const ModelSpec& spec, int fold) const;
  // Its place in stages_; only of a model with a text.
  std::size_t text_stage(const ModelSpec& spec) const;
  std::string fingerprint(const std::string& stage, Device device, const std::vector<std::string>& parts) const;
  // Of the device, where users are scored and their lists of this length made.
  int64_t ranking_device_bytes(const ModelSpec& spec, int64_t length) const;
  // Of the models that a model builds on.
  int64_t reference_bytes(const ModelSpec& spec) const;
  // Bytes of the training ratings in both orders, with ids.
  int64_t ratings_bytes() const;
  std::filesystem::path data_folder() const { return store_.folder(data_fingerprint_); }
  // Stages that run at once share what they read.
  const RunData& data();
  std::shared_ptr<const engine::Fold> fold(int number);
  std::unique_ptr<engine::Model> trained(const ModelSpec& spec, int fold) const;

  const Job& job_;
  JobContexts& contexts_;
  StageStore store_;
  PredictedShape shape_;
  const OpenRun* warm_start_;
  int folds_ = 0;
  std::vector<Stage> stages_;
  JobInputs inputs_;
  std::vector<JobText> texts_;
  std::vector<std::size_t> text_stages_;  // of texts_: places in stages_
  std::string data_fingerprint_;
  std::map<std::string, std::string> training_fingerprints_;  // "NAME FOLD" -> fingerprint
  std::map<std::string, std::size_t> training_stages_;        // "NAME FOLD" -> place in stages_
  std::map<std::string, std::size_t> interest_stages_;        // name of a model -> place in stages_

  std::mutex reading_;                               // of what follows
  std::optional<RunData> data_;                      // read when a stage first needs it
  std::shared_ptr<const engine::Fold> loaded_fold_;  // the one that was used last
  int loaded_number_ = 0;
};

// Of the run that a job starts from; none where it starts afresh.
EarlierIds earlier_ids(const OpenRun* warm_start);

JobInputs hashed_inputs(const Job& job);

// The parameters of a model without where its text lies: same text, same model, wherever the file is.
std::string location_free(const std::string& resolved_model);

}  // namespace matinee::host
