#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "host/run/run_summary.h"

namespace matinee::host {

// The bytes of an event file of TensorBoard: records of TFRecord (length and masked CRC-32C of it, bytes and masked
// CRC-32C of them), each an Event in the encoding of protocol buffers (tensorflow/core/util/event.proto).
class EventFile {
 public:
  explicit EventFile(double wall_time);  // the first event names the version of the format
  // One number of a curve; `wall_time` in seconds since 1970.
  void add_scalar(double wall_time, int64_t step, std::string_view tag, float value);
  const std::string& bytes() const { return bytes_; }

 private:
  void add_record(std::string_view event);

  std::string bytes_;
};

// Writes DIRECTORY/RUN/MODEL/events.out.tfevents.SECONDS.matinee for each model that was trained: its training curves
// (folds in folders MODEL-fold-N), and its metrics at step 0 under the names CANDIDATES/METRIC. Runs of a stage that
// was reused are written again: each folder tells all of its run. Error(kArtifact) where it cannot be written.
void write_tensorboard(const std::filesystem::path& directory, const RunSummary& summary);

}  // namespace matinee::host
