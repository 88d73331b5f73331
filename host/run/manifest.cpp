#include "host/run/manifest.h"

#include <algorithm>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "engine/artifacts/file_writer.h"
#include "engine/artifacts/sha256.h"
#include "engine/version.h"
#include "host/run/library_versions.h"
#include "host/run/output_files.h"
#include "host/text/json_problem.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace {

constexpr int kSchemaVersion = 1;

using OrderedJson = nlohmann::ordered_json;

OrderedJson engine_to_json() {
  OrderedJson libraries = OrderedJson::object();
  for (const auto& [name, version] : library_versions()) libraries[name] = version;
  return {{"version", engine::kVersion},   {"commit", engine::kCommit},          {"build", engine::kBuildType},
          {"compiler", engine::kCompiler}, {"program_sha256", program_sha256()}, {"libraries", std::move(libraries)}};
}

OrderedJson stages_to_json(const std::vector<StageRecord>& stages) {
  auto list = OrderedJson::array();
  for (const StageRecord& stage : stages) {
    list.push_back({{"name", stage.name},
                    {"fingerprint", stage.fingerprint},
                    {"reused", stage.reused},
                    {"seconds", stage.seconds},
                    {"device", stage.device},
                    {"peak_host_bytes", stage.peak_host_bytes},
                    {"peak_device_bytes", stage.peak_device_bytes}});
  }
  return list;
}

}  // namespace

const std::string& program_sha256() {
  static const std::string hash = engine::sha256_of_file("/proc/self/exe");
  return hash;
}

std::string manifest_to_json(const Manifest& manifest) {
  auto inputs = OrderedJson::array();
  for (const engine::InputFile& input : manifest.inputs)
    inputs.push_back({{"path", input.path}, {"sha256", input.sha256}, {"bytes", input.bytes}});
  auto outputs = output_files_to_json(manifest.outputs);
  // metrics.jsonl tells when each epoch ended; every other file is the same for the same job.
  for (auto& output : outputs) output["deterministic"] = manifest.deterministic && output["path"] != "metrics.jsonl";
  OrderedJson json = {{"schema_version", kSchemaVersion},
                      {"run", manifest.run_id},
                      {"job", manifest.job_name},
                      {"started", manifest.started},
                      {"finished", manifest.finished},
                      {"engine", engine_to_json()},
                      {"device", manifest.device},
                      {"threads", manifest.threads},
                      {"deterministic", manifest.deterministic},
                      {"seeds", {{"job", manifest.seed}}},
                      {"config", {{"path", "config.json"}, {"sha256", manifest.config_sha256}}},
                      {"peak_host_bytes", manifest.peak_host_bytes},
                      {"peak_device_bytes", manifest.peak_device_bytes},
                      {"stages", stages_to_json(manifest.stages)},
                      {"inputs", inputs},
                      {"outputs", outputs}};
  if (!manifest.warm_start.empty()) json["warm_start"] = manifest.warm_start;
  return json.dump(1) + "\n";
}

Manifest read_manifest(const std::filesystem::path& run) {
  const auto path = run / "manifest.json";
  const auto json = nlohmann::json::parse(engine::read_file(path), nullptr, false);
  if (!json.is_object()) {
    fail(ErrorKind::kArtifact,
         "{}: not a manifest: it is not a JSON object. Publish an intact run (matinee rollback) or train again",
         path.string());
  }
  try {
    if (json.at("schema_version") > kSchemaVersion) {
      fail(ErrorKind::kArtifact,
           "{}: schema_version {} is newer than this program's {}. Use the program that made the run", path.string(),
           json.at("schema_version").dump(), kSchemaVersion);
    }
    Manifest manifest;
    manifest.run_id = json.at("run");
    manifest.job_name = json.at("job");
    manifest.started = json.at("started");
    manifest.finished = json.at("finished");
    manifest.config_sha256 = json.at("config").at("sha256");
    for (const auto& stage : json.at("stages")) {
      StageRecord record;
      record.name = stage.at("name");
      record.fingerprint = stage.at("fingerprint");
      record.seconds = stage.at("seconds");
      record.peak_host_bytes = stage.at("peak_host_bytes");
      record.device = stage.value("device", "cpu");
      record.peak_device_bytes = stage.value("peak_device_bytes", int64_t{0});
      manifest.stages.push_back(std::move(record));
    }
    manifest.outputs = output_files_from_json(json.at("outputs"), path.string());
    return manifest;
  } catch (const nlohmann::json::exception& error) {
    fail(ErrorKind::kArtifact, "{}: not a manifest: {}. Publish an intact run (matinee rollback) or train again",
         path.string(), json_problem(error));
  }
}

namespace {

// What a run cannot be without, beside config.json: a manifest that lists less was cut.
std::vector<std::string> required_files(const Manifest& manifest) {
  constexpr std::string_view kTraining = "train ";
  std::vector<std::string> required = {"metrics.json", "ids/users.tsv", "ids/items.tsv", "data/data.json",
                                       "data/train.safetensors"};
  for (const StageRecord& stage : manifest.stages) {
    const std::string name = stage.name.starts_with(kTraining) ? stage.name.substr(kTraining.size()) : "";
    if (!name.empty() && name.find(' ') == std::string::npos)
      required.push_back("models/" + name + "/model.safetensors");
  }
  return required;
}

}  // namespace

VerifiedFiles verify_run(const std::filesystem::path& run) {
  const Manifest manifest = read_manifest(run);
  if (const std::string damage = first_damage(run, manifest.outputs); !damage.empty()) {
    fail(ErrorKind::kArtifact, "{}: {}. Go back to an intact run (matinee rollback) or train again", run.string(),
         damage);
  }
  VerifiedFiles verified;
  bool has_config = false;
  for (const OutputFile& file : manifest.outputs) {
    ++verified.files;
    verified.bytes += file.bytes;
    has_config = has_config || (file.path == "config.json" && file.sha256 == manifest.config_sha256);
  }
  if (!has_config)
    fail(ErrorKind::kArtifact, "{}: the manifest does not list config.json with its sha256", run.string());
  for (const std::string& path : required_files(manifest)) {
    const bool listed = std::any_of(manifest.outputs.begin(), manifest.outputs.end(),
                                    [&](const OutputFile& file) { return file.path == path; });
    if (!listed) {
      fail(ErrorKind::kArtifact,
           "{}: the manifest does not list {}, which every such run has. Go back to an intact run (matinee rollback) "
           "or train again",
           run.string(), path);
    }
  }
  return verified;
}

}  // namespace matinee::host
