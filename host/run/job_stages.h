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
#include "host/run/open_run.h"
#include "host/run/scheduler.h"

namespace matinee::host {

// The stages of a job, in order: data; for each model, after those it refers to, its training per fold; its evaluation;
// its recommendations. Fingerprints are known from the start: they chain code, parameters, seed and the hashes of the
// inputs.
class JobStages {
 public:
  // `shape` is what the job was predicted to hold; `inputs` are hashed_inputs(), or nothing where only memory is asked
  // for.
  JobStages(const Job& job, JobContexts& contexts, StageStore store, const PredictedShape& shape,
            const OpenRun* warm_start, std::vector<engine::InputFile> inputs);

  const std::vector<Stage>& stages() const { return stages_; }
  const std::vector<engine::InputFile>& inputs() const { return inputs_; }
  const std::string& data_fingerprint() const { return data_fingerprint_; }

 private:
  void add_data_stage();
  void add_training(const ModelSpec& spec, int fold);
  // What evaluation and recommendation have in common.
  Stage ranking_stage(const std::string& name, const ModelSpec& spec, int64_t length) const;
  void add_evaluation(const ModelSpec& spec);
  void add_recommendations(const ModelSpec& spec);

  void make_data(Context& context, const std::filesystem::path& folder, StageMonitor& monitor);
  void train(Context& context, const ModelSpec& spec, int fold, const std::filesystem::path& folder,
             StageMonitor& monitor);
  void evaluate(Context& context, const ModelSpec& spec, const std::filesystem::path& folder, StageMonitor& monitor);
  void recommend(Context& context, const ModelSpec& spec, const std::filesystem::path& folder, StageMonitor& monitor);

  std::vector<const ModelSpec*> models_in_order() const;
  bool evaluated(const ModelSpec& spec) const;
  std::string fingerprint(const std::string& stage, Device device, const std::vector<std::string>& parts) const;
  // Of the device, where users are scored and their lists of this length made.
  int64_t ranking_device_bytes(const ModelSpec& spec, int64_t length) const;
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
  std::vector<engine::InputFile> inputs_;
  std::string data_fingerprint_;
  std::map<std::string, std::string> training_fingerprints_;  // "NAME FOLD" -> fingerprint
  std::map<std::string, std::size_t> training_stages_;        // "NAME FOLD" -> place in stages_

  std::mutex reading_;                               // of what follows
  std::optional<RunData> data_;                      // read when a stage first needs it
  std::shared_ptr<const engine::Fold> loaded_fold_;  // the one that was used last
  int loaded_number_ = 0;
};

// Of the run that a job starts from; none where it starts afresh.
EarlierIds earlier_ids(const OpenRun* warm_start);

// The files that a job reads, with their hashes.
std::vector<engine::InputFile> hashed_inputs(const DatasetSpec& dataset);

}  // namespace matinee::host
