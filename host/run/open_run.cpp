#include "host/run/open_run.h"

#include <algorithm>
#include <iterator>

#include "engine/artifacts/safetensors.h"
#include "host/config/configured_model.h"
#include "host/config/parse_job.h"
#include "host/run/folds.h"
#include "host/run/manifest.h"
#include "host/run/output_files.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

// Checks the files of the manifest whose path is `start` or begins so.
void check_files(const fs::path& folder, const std::vector<OutputFile>& files, const std::string& start) {
  std::vector<OutputFile> chosen;
  std::copy_if(files.begin(), files.end(), std::back_inserter(chosen),
               [&](const OutputFile& file) { return file.path.starts_with(start); });
  const std::string damage = chosen.empty() ? start + " is not listed in the manifest" : first_damage(folder, chosen);
  if (damage.empty()) return;
  fail(ErrorKind::kArtifact, "{}: {}. Go back to an intact run (matinee rollback) or train again", folder.string(),
       damage);
}

}  // namespace

fs::path model_file(const fs::path& root, const std::string& name, int fold) {
  return fold == 0 ? root / "models" / name / "model.safetensors"
                   : root / "folds" / std::to_string(fold) / (name + ".safetensors");
}

const ModelSpec& OpenRun::spec(const std::string& name) const {
  std::string known;
  for (const ModelSpec& candidate : job.models) {
    if (candidate.name == name) return candidate;
    known += (known.empty() ? "" : ", ") + candidate.name;
  }
  fail(ErrorKind::kConfig, "{}: no model \"{}\" in this run. It has: {}", folder.string(), name, known);
}

std::unique_ptr<engine::Model> OpenRun::model(const std::string& name, int fold) const {
  auto model = configured_model(spec(name));
  const fs::path path = model_file(folder, name, trained_fold(job, spec(name), fold));
  check_files(folder, files, fs::relative(path, folder).generic_string());
  model->load(engine::TensorFile::read(path));
  return model;
}

void OpenRun::require_intact(const std::string& start) const {
  check_files(folder, files, start);
}

engine::Fold OpenRun::fold(int number) const {
  check_files(folder, files, number == 0 ? "data/" : fmt::format("folds/{}/t", number));
  return read_fold(folder, data, number);
}

TrainingRatings OpenRun::training() const {
  check_files(folder, files, "data/train.safetensors");
  return {folder, data};
}

fs::path find_run(const fs::path& path) {
  std::error_code error;
  const fs::path link = path / "current";
  const fs::path folder = fs::canonical(fs::is_symlink(link) ? link : path, error);
  if (error || !fs::is_directory(folder)) {
    fail(ErrorKind::kArtifact, "{}: not a run: {}. Give a run's folder, or an output directory with a published run",
         path.string(), error ? error.message() : "no folder");
  }
  if (!fs::is_regular_file(folder / "manifest.json")) {
    fail(ErrorKind::kArtifact,
         "{}: not a run: it has no manifest.json. Give a run's folder, or an output directory with a published run",
         folder.string());
  }
  return folder;
}

OpenRun open_run(const fs::path& path) {
  const fs::path folder = find_run(path);
  std::vector<OutputFile> files = read_manifest(folder).outputs;
  for (const char* read : {"config.json", "ids/", "data/data.json", "data/catalogue.tsv"})
    check_files(folder, files, read);
  return {folder, std::move(files), parse_job((folder / "config.json").string(), {}), read_run_data(folder)};
}

}  // namespace matinee::host
