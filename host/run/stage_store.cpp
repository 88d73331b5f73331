#include "host/run/stage_store.h"

#include <algorithm>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "engine/artifacts/file_writer.h"
#include "engine/artifacts/sha256.h"
#include "host/run/output_files.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

constexpr const char* kRecordFile = "stage.json";
constexpr const char* kPartial = ".partial";

std::optional<StageRecord> read_record(const fs::path& folder) {
  if (!fs::is_regular_file(folder / kRecordFile)) return std::nullopt;
  const auto json = nlohmann::json::parse(engine::read_file(folder / kRecordFile), nullptr, false);
  try {
    StageRecord record;
    record.name = json.at("name");
    record.fingerprint = json.at("fingerprint");
    record.seconds = json.at("seconds");
    record.peak_host_bytes = json.at("peak_host_bytes");
    record.device = json.at("device");
    record.peak_device_bytes = json.at("peak_device_bytes");
    record.files = output_files_from_json(json.at("files"), (folder / kRecordFile).string());
    return record;
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace

StageStore::StageStore(const fs::path& output_directory) : root_(output_directory / ".stages") {}

bool StageStore::has(const std::string& fingerprint) const {
  return fs::is_regular_file(folder(fingerprint) / kRecordFile);
}

std::optional<StageRecord> StageStore::find(const std::string& fingerprint) const {
  if (!has(fingerprint)) return std::nullopt;
  const fs::path whole = folder(fingerprint);
  auto record = read_record(whole);
  if (record && record->fingerprint == fingerprint && first_damage(whole, record->files).empty()) return record;
  spdlog::warn("{}: a stage of an earlier run is damaged and will be made again{}", whole.string(),
               record ? ": " + first_damage(whole, record->files) : "");
  fs::remove_all(whole);
  return std::nullopt;
}

fs::path StageStore::begin(const std::string& fingerprint) const {
  const fs::path partial = root_ / (fingerprint + kPartial);
  make_folders(partial / kInternalFolder);
  return partial;
}

void StageStore::finish(StageRecord& record) const {
  const fs::path partial = root_ / (record.fingerprint + kPartial);
  fs::remove(partial / kRecordFile);
  record.files = list_files(partial);
  const nlohmann::ordered_json json = {{"name", record.name},
                                       {"fingerprint", record.fingerprint},
                                       {"seconds", record.seconds},
                                       {"peak_host_bytes", record.peak_host_bytes},
                                       {"device", record.device},
                                       {"peak_device_bytes", record.peak_device_bytes},
                                       {"files", output_files_to_json(record.files)}};
  engine::write_file(partial / kRecordFile, json.dump(1) + "\n");
  engine::sync_folder(partial);
  std::error_code error;
  fs::rename(partial, folder(record.fingerprint), error);
  if (error) fail(ErrorKind::kArtifact, "{}: cannot be renamed: {}", partial.string(), error.message());
  engine::sync_folder(root_);
}

void StageStore::prune(const std::set<std::string>& keep, std::chrono::hours unused) const {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(root_, error)) {
    std::string fingerprint = entry.path().filename().string();
    if (fingerprint.ends_with(kPartial)) fingerprint.resize(fingerprint.size() - std::string_view(kPartial).size());
    if (keep.contains(fingerprint)) continue;
    const auto touched = fs::last_write_time(entry.path(), error);
    if (!error && fs::file_time_type::clock::now() - touched >= unused) fs::remove_all(entry.path(), error);
  }
}

}  // namespace matinee::host
