#include "host/run/tensorboard_files.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <map>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "engine/artifacts/crc32c.h"
#include "engine/artifacts/file_writer.h"
#include "host/report/protocol_text.h"
#include "host/run/clock.h"
#include "host/run/output_files.h"
#include "host/run/tsv.h"

namespace matinee::host {
namespace {

static_assert(std::endian::native == std::endian::little, "event files are little-endian");

// Wire types of protocol buffers.
enum class Wire : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

void append_varint(std::string& message, uint64_t value) {
  for (; value >= 0x80; value >>= 7) message += static_cast<char>(value | 0x80);
  message += static_cast<char>(value);
}

void append_key(std::string& message, uint32_t field, Wire wire) {
  append_varint(message, uint64_t{field} << 3 | static_cast<uint64_t>(wire));
}

template <typename T>
void append_number(std::string& bytes, T value) {
  char held[sizeof value];
  std::memcpy(held, &value, sizeof value);
  bytes.append(held, sizeof value);
}

void append_bytes(std::string& message, uint32_t field, std::string_view bytes) {
  append_key(message, field, Wire::kBytes);
  append_varint(message, bytes.size());
  message += bytes;
}

// Event.wall_time = 1, Event.step = 2.
std::string event_head(double wall_time, int64_t step) {
  std::string event;
  append_key(event, 1, Wire::kFixed64);
  append_number(event, wall_time);
  if (step != 0) {
    append_key(event, 2, Wire::kVarint);
    append_varint(event, static_cast<uint64_t>(step));
  }
  return event;
}

uint32_t masked_crc(std::string_view bytes) {
  constexpr uint32_t kMask = 0xA282EAD8;
  return std::rotr(engine::crc32c(bytes), 15) + kMask;
}

// "train mf fold 2" -> "mf-fold-2", "search quality" -> "search-quality".
std::string folder_of(std::string_view stage) {
  constexpr std::string_view kTraining = "train ";
  std::string name(stage.starts_with(kTraining) ? stage.substr(kTraining.size()) : stage);
  for (char& letter : name) letter = letter == ' ' ? '-' : letter;
  return name;
}

class EventFiles {
 public:
  explicit EventFiles(const RunSummary& summary) : summary_(summary) {}

  EventFile& of(const std::string& folder) { return files_.try_emplace(folder, summary_.started).first->second; }

  void add_evaluations(const std::string& folder, const std::vector<engine::Evaluation>& evaluations,
                       std::string_view kind) {
    for (const engine::Evaluation& evaluation : evaluations) {
      if (!of_all_folds(evaluation) || !engine::of_all_users(evaluation)) continue;
      for (const auto& [name, value] : evaluation.metrics) {
        const std::string tag = fmt::format("{}/{}", protocol_value(evaluation.protocol, kind), name);
        of(folder).add_scalar(summary_.ended, 0, tag, static_cast<float>(value));
      }
    }
  }

  void write(const std::filesystem::path& directory) const {
    for (const auto& [folder, file] : files_) {
      const auto place = directory / summary_.run / folder;
      make_folders(place);
      const auto seconds = static_cast<int64_t>(summary_.started);
      engine::write_file(place / fmt::format("events.out.tfevents.{}.matinee", seconds), file.bytes());
    }
  }

 private:
  const RunSummary& summary_;
  std::map<std::string, EventFile> files_;
};

}  // namespace

EventFile::EventFile(double wall_time) {
  std::string event = event_head(wall_time, 0);
  append_bytes(event, 3, "brain.Event:2");  // Event.file_version
  add_record(event);
}

void EventFile::add_scalar(double wall_time, int64_t step, std::string_view tag, float value) {
  std::string entry;  // Summary.Value: tag = 1, simple_value = 2
  append_bytes(entry, 1, tag);
  append_key(entry, 2, Wire::kFixed32);
  append_number(entry, value);
  std::string summary;  // Summary: value = 1
  append_bytes(summary, 1, entry);
  std::string event = event_head(wall_time, step);
  append_bytes(event, 5, summary);  // Event.summary
  add_record(event);
}

void EventFile::add_record(std::string_view event) {
  std::string length;
  append_number(length, uint64_t{event.size()});
  bytes_ += length;
  append_number(bytes_, masked_crc(length));
  bytes_ += event;
  append_number(bytes_, masked_crc(event));
}

void write_tensorboard(const std::filesystem::path& directory, const RunSummary& summary) {
  EventFiles files(summary);
  for (const std::string_view line : lines_of(summary.metric_lines)) {
    const auto json = nlohmann::json::parse(line);
    files.of(folder_of(json.at("stage").get<std::string>()))
        .add_scalar(seconds_of_utc_time(json.at("time").get<std::string>()), json.at("epoch"),
                    json.at("name").get<std::string>(), json.at("value").get<float>());
  }
  for (const auto& [model, evaluations] : summary.metrics) files.add_evaluations(model, evaluations, "candidates");
  files.add_evaluations("search-quality", summary.search, "ranking");
  files.write(directory);
}

}  // namespace matinee::host
