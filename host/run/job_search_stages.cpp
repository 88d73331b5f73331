#include <fmt/format.h>

#include "engine/artifacts/file_writer.h"
#include "host/config/search_model.h"
#include "host/report/metrics_json.h"
#include "host/run/job_stages.h"
#include "host/run/search_files.h"
#include "host/run/search_quality.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

constexpr int64_t kWordBytes = 1024;  // of an item: its words, on the way into the index

}  // namespace

void JobStages::add_search() {
  if (!has_titles(job_.dataset)) return;
  Stage index;
  index.name = "search index";
  index.after = {0};
  index.host_bytes = ratings_bytes() + shape_.shape.items * kWordBytes;
  index.fingerprint = fingerprint(index.name, index.device, {data_fingerprint_});
  index.run = [this](Context&, const fs::path& folder, StageMonitor&) { write_search_index(folder, data().catalogue); };
  const std::string index_fingerprint = index.fingerprint;
  const std::size_t index_stage = stages_.size();
  stages_.push_back(std::move(index));
  if (folds_ == 1) add_search_quality(index_stage, index_fingerprint);
}

void JobStages::add_search_quality(std::size_t index_stage, const std::string& index_fingerprint) {
  const ModelSpec* spec = search_model(job_);
  Stage stage;
  stage.name = "search quality";
  stage.after = {0, index_stage};
  stage.host_bytes = ratings_bytes() + shape_.shape.items * kWordBytes;
  std::vector<std::string> parts = {index_fingerprint, job_.evaluate_resolved};
  fs::path interest;
  if (spec != nullptr) {
    const bool by_interest = makes_interest(job_.dataset, *spec);
    const std::size_t vectors = by_interest ? interest_stages_.at(spec->name) : training_stages_.at(spec->name);
    stage.after.push_back(vectors);
    stage.host_bytes += spec->model->host_bytes(shape_for(shape_.shape, text_of(texts_, *spec->model)));
    parts.push_back(stages_[vectors].fingerprint);
    parts.push_back(fmt::format("{} {}", spec->name, job_.search.personal));
    if (by_interest) interest = store_.folder(stages_[vectors].fingerprint) / "models" / spec->name;
  }
  stage.fingerprint = fingerprint(stage.name, stage.device, parts);
  const fs::path index_root = store_.folder(index_fingerprint);
  stage.run = [this, spec, interest, index_root](Context& context, const fs::path& folder, StageMonitor& monitor) {
    const RunData& known = data();
    std::optional<Taste> taste;
    if (spec != nullptr) taste = interest.empty() ? taste_of(trained(*spec, 0)) : taste_of(interest, known);
    const auto measured =
        measure_run_search(context, job_, job_.evaluate.options, known, *fold(0), read_search_index(index_root, known),
                           taste ? &taste->vectors : nullptr, [&](double done, double total) {
                             if (monitor.stop_wanted()) throw engine::Stopped{};
                             monitor.progress(done, total, "users");
                           });
    engine::write_file(folder / kInternalFolder / "metrics.json", metrics_to_json({}, {}, measured));
  };
  stages_.push_back(std::move(stage));
}

}  // namespace matinee::host
