#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace matinee::host {

struct OutputFile {
  std::string path;  // relative to the stage's folder, and to the run's
  std::string sha256;
  int64_t bytes = 0;
};

// What a finished stage was and made.
struct StageRecord {
  std::string name;
  std::string fingerprint;  // of code, parameters and inputs: same fingerprint, same files
  double seconds = 0;
  int64_t peak_host_bytes = 0;
  std::string device = "cpu";
  int64_t peak_device_bytes = 0;
  bool reused = false;
  std::vector<OutputFile> files;  // in order of path
};

// Files of a stage below this folder are for later stages only: no part of a run.
inline constexpr const char* kInternalFolder = "internal";

// The finished and unfinished stages of one output directory, in DIR/.stages: FINGERPRINT/ is whole,
// FINGERPRINT.partial/ is work in progress (with a checkpoint, perhaps). A stage becomes whole by one rename.
class StageStore {
 public:
  explicit StageStore(const std::filesystem::path& output_directory);

  std::filesystem::path folder(const std::string& fingerprint) const { return root_ / fingerprint; }

  // The record of a whole stage whose files hash to what was written; a damaged one is removed with a warning.
  std::optional<StageRecord> find(const std::string& fingerprint) const;
  // Whether find() is likely to succeed, without reading the files.
  bool has(const std::string& fingerprint) const;

  // The folder to work in: empty, or as an interrupted run left it.
  std::filesystem::path begin(const std::string& fingerprint) const;
  // Hashes and syncs what the stage wrote and makes it whole. `record.files` is filled in.
  void finish(StageRecord& record) const;

  // Removes every stage, whole or not, whose fingerprint is not in `keep` and that was not touched for `unused`: until
  // then an interrupted job may come back to it.
  void prune(const std::set<std::string>& keep, std::chrono::hours unused) const;

 private:
  std::filesystem::path root_;
};

}  // namespace matinee::host
