#include "host/report/ratio_sweeps.h"

#include <array>
#include <optional>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "host/report/metric_columns.h"
#include "host/report/number_text.h"

namespace matinee::host {
namespace {

// The values of a metric under full ranking with the shortest lists, by ratio; empty where it is not measured.
std::vector<double> values_of(const RunReport& report, std::string_view base) {
  std::vector<double> values;
  const std::vector<MetricBlock> blocks = main_metric_blocks(report);
  if (blocks.empty() || blocks.front().candidates != "all" || blocks.front().tables.empty()) return values;
  const MetricTable& table = blocks.front().tables.front();
  for (std::size_t column = 0; column < table.columns.size(); ++column) {
    if (table.columns[column].base != base) continue;
    for (const MetricRow& row : table.rows) {
      if (row.values[column]) values.push_back(*row.values[column]);
    }
    break;
  }
  return values.size() == report.models.size() ? values : std::vector<double>();
}

}  // namespace

RunReport report_of(const SweepReport& sweep) {
  RunReport report;
  for (const RatioMetrics& measured : sweep.ratios) {
    ModelReport& model = report.models.emplace_back();
    model.name = measured.ratio;
    model.evaluations = measured.evaluations;
  }
  return report;
}

std::string sweep_sentence(const SweepReport& sweep) {
  const RunReport report = report_of(sweep);
  const auto precision = values_of(report, "precision"), recall = values_of(report, "recall"),
             coverage = values_of(report, "coverage");
  if (precision.size() < 2 || recall.empty() || coverage.empty()) return "";
  std::vector<std::string> better;
  for (std::size_t n = 1; n < precision.size(); ++n) {
    if (precision[n] > precision[0] && recall[n] > recall[0] && coverage[n] > coverage[0]) {
      better.push_back(sweep.ratios[n].ratio);
    }
  }
  return fmt::format("Better than {} in precision, recall and coverage at once: {}.", sweep.ratios[0].ratio,
                     better.empty() ? "none" : fmt::format("{}", fmt::join(better, ", ")));
}

LineChart sweep_chart(const SweepReport& sweep, const std::string& id) {
  const RunReport report = report_of(sweep);
  LineChart chart{
      id, fmt::format("Metrics of {} by ratio, those of the first = 100", sweep.model), "row of the table", {}};
  constexpr std::array<const char*, 4> kShown = {"precision", "recall", "coverage", "novelty"};
  for (std::size_t metric = 0; metric < kShown.size(); ++metric) {
    const std::vector<double> values = values_of(report, kShown[metric]);
    if (values.size() < 2 || values[0] == 0) continue;
    LineSeries series{label_of(kShown[metric]), metric, {}};
    for (std::size_t n = 0; n < values.size(); ++n) {
      series.points.push_back({static_cast<int64_t>(n) + 1, 100 * values[n] / values[0]});
    }
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace matinee::host
