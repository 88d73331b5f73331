#include "host/run/prometheus_file.h"

#include <charconv>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "engine/artifacts/file_writer.h"
#include "engine/version.h"
#include "host/report/protocol_text.h"
#include "kernels/support/error.h"

namespace matinee::host {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kLastSuccess = "matinee_run_last_success_timestamp_seconds";

using Labels = std::vector<std::pair<std::string_view, std::string>>;

std::string escaped(std::string_view value) {
  std::string text;
  for (const char letter : value) {
    if (letter == '\\' || letter == '"' || letter == '\n') text.push_back('\\');
    text.push_back(letter == '\n' ? 'n' : letter);
  }
  return text;
}

// One family of samples: its head once, then a line a sample. All are gauges.
class Family {
 public:
  Family(std::string& text, std::string_view name, std::string_view help) : text_(text), name_(name) {
    text_ += fmt::format("# HELP {} {}\n# TYPE {} gauge\n", name, help, name);
  }

  void add(const Labels& labels, double value) {
    std::string list;
    for (const auto& [label, held] : labels) {
      list += fmt::format("{}{}=\"{}\"", list.empty() ? "" : ",", label, escaped(held));
    }
    text_ += fmt::format("{}{{{}}} {}\n", name_, list, value);
  }

 private:
  std::string& text_;
  std::string name_;
};

void add_run(std::string& text, const RunSummary& summary, const std::optional<double>& last_success) {
  const Labels job = {{"job_name", summary.job}};
  Family(text, "matinee_run_info", "The run that these figures are of.")
      .add({{"job_name", summary.job}, {"run", summary.run}, {"version", engine::kVersion}}, 1);
  Family(text, "matinee_run_exit_code", "Exit code of the run: 0 done, 7 refused by the quality gate.")
      .add(job, summary.exit_code);
  Family(text, "matinee_run_published", "1 where the run was published: current points to it.")
      .add(job, summary.published ? 1 : 0);
  Family(text, "matinee_run_start_timestamp_seconds", "When the run started, in seconds since 1970.")
      .add(job, summary.started);
  Family(text, "matinee_run_end_timestamp_seconds", "When the run ended, in seconds since 1970.")
      .add(job, summary.ended);
  Family(text, "matinee_run_duration_seconds", "How long the run took.").add(job, summary.ended - summary.started);
  if (last_success) {
    Family(text, kLastSuccess, "When a run last ended with exit code 0, in seconds since 1970.")
        .add(job, *last_success);
  }
}

void add_stages(std::string& text, const RunSummary& summary) {
  if (summary.stages.empty()) return;
  const auto add = [&](std::string_view name, std::string_view help, const auto& value) {
    Family family(text, name, help);
    for (const StageRecord& stage : summary.stages) {
      family.add({{"job_name", summary.job}, {"stage", stage.name}, {"device", stage.device}}, value(stage));
    }
  };
  add("matinee_stage_seconds", "Seconds that the stage took when it was run.",
      [](const StageRecord& stage) { return stage.seconds; });
  add("matinee_stage_reused", "1 where the stage of an earlier run was reused.",
      [](const StageRecord& stage) { return stage.reused ? 1.0 : 0.0; });
  add("matinee_stage_peak_host_bytes", "Most memory that the process held while the stage ran.",
      [](const StageRecord& stage) { return static_cast<double>(stage.peak_host_bytes); });
  add("matinee_stage_peak_device_bytes", "Most memory of the device that the stage held.",
      [](const StageRecord& stage) { return static_cast<double>(stage.peak_device_bytes); });
}

void add_metrics(std::string& text, const RunSummary& summary) {
  if (!summary.metrics.empty()) {
    Family family(text, "matinee_model_metric", "A metric of a model, as in metrics.json.");
    for (const auto& [model, evaluations] : summary.metrics) {
      for (const engine::Evaluation& evaluation : evaluations) {
        if (!engine::of_all_users(evaluation)) continue;
        Labels labels = {{"job_name", summary.job},
                         {"model", model},
                         {"candidates", protocol_value(evaluation.protocol, "candidates")}};
        if (const std::string fold = protocol_value(evaluation.protocol, "fold"); !fold.empty()) {
          labels.emplace_back("fold", fold);
        }
        labels.emplace_back("metric", "");
        for (const auto& [name, value] : evaluation.metrics) {
          labels.back().second = name;
          family.add(labels, value);
        }
      }
    }
  }
  if (summary.search.empty()) return;
  Family family(text, "matinee_search_metric", "How well searches find what was held out, as in metrics.json.");
  for (const engine::Evaluation& evaluation : summary.search) {
    for (const auto& [name, value] : evaluation.metrics) {
      family.add({{"job_name", summary.job},
                  {"ranking", protocol_value(evaluation.protocol, "ranking")},
                  {"model", protocol_value(evaluation.protocol, "model")},
                  {"metric", name}},
                 value);
    }
  }
}

}  // namespace

std::string prometheus_text(const RunSummary& summary, std::optional<double> last_success) {
  std::string text;
  add_run(text, summary, last_success);
  add_metrics(text, summary);
  add_stages(text, summary);
  return text;
}

std::optional<double> last_success_in(std::string_view text) {
  const std::string start = fmt::format("\n{}{{", kLastSuccess);
  const std::size_t line = text.find(start);
  if (line == std::string_view::npos) return std::nullopt;
  std::string_view sample = text.substr(line + 1);
  sample = sample.substr(0, sample.find('\n'));
  sample.remove_prefix(sample.rfind(' ') + 1);
  double seconds = 0;
  const auto [end, error] = std::from_chars(sample.data(), sample.data() + sample.size(), seconds);
  return error == std::errc() && end == sample.data() + sample.size() ? std::optional(seconds) : std::nullopt;
}

void write_prometheus_file(const fs::path& path, const RunSummary& summary) {
  std::optional<double> last_success;
  std::error_code error;
  if (summary.exit_code == 0) {
    last_success = summary.ended;
  } else if (fs::is_regular_file(path, error)) {
    last_success = last_success_in(engine::read_file(path));
  }
  // Not named *.prom: the collector reads none but those.
  const fs::path fresh = path.parent_path() / fmt::format(".{}.new", path.filename().string());
  engine::write_file(fresh, prometheus_text(summary, last_success));
  fs::rename(fresh, path, error);
  if (error) fail(ErrorKind::kArtifact, "{}: cannot be replaced: {}", path.string(), error.message());
  engine::sync_folder(path.parent_path().empty() ? fs::path(".") : path.parent_path());
}

}  // namespace matinee::host
