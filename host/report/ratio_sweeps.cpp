#include "host/report/ratio_sweeps.h"

#include <algorithm>
#include <array>
#include <functional>
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

constexpr std::array<std::string_view, 3> kAtOnce = {"precision", "recall", "coverage"};

// The values of kAtOnce in a row, with the shortest lists, which come first.
std::array<double, 3> at_once(const FoldTable& table, const FoldTable::Row& row) {
  std::array<double, 3> values{};
  for (std::size_t n = 0; n < kAtOnce.size(); ++n) {
    const auto column = std::ranges::find_if(table.columns, [&](const MetricColumn& candidate) {
      return candidate.base == kAtOnce[n] && candidate.variant.empty();
    });
    values[n] = row.values[static_cast<std::size_t>(column - table.columns.begin())].value();
  }
  return values;
}

// "50:4", or "50:4 (in 3 of 5 folds)". `folds`: of full ranking, by ratio; none where there is one fold only.
std::string better_ratio(const SweepReport& sweep, const std::vector<FoldTable>& folds, std::size_t ratio) {
  if (folds.size() != sweep.ratios.size()) return sweep.ratios[ratio].ratio;
  const std::size_t count = folds[0].rows.size() - 1;  // the last row is pooled
  std::size_t better = 0;
  for (std::size_t fold = 0; fold < count; ++fold) {
    const auto before = at_once(folds[0], folds[0].rows[fold]), after = at_once(folds[ratio], folds[ratio].rows[fold]);
    if (std::ranges::equal(after, before, std::greater())) ++better;
  }
  return fmt::format("{} (in {} of {} folds)", sweep.ratios[ratio].ratio, better, count);
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
  const auto precision = values_of(report, kAtOnce[0]), recall = values_of(report, kAtOnce[1]),
             coverage = values_of(report, kAtOnce[2]);
  if (precision.size() < 2 || recall.empty() || coverage.empty()) return "";
  std::vector<FoldTable> folds = fold_tables(report);
  std::erase_if(folds, [](const FoldTable& table) { return table.candidates != "all"; });
  std::vector<std::string> better;
  for (std::size_t n = 1; n < precision.size(); ++n) {
    if (precision[n] > precision[0] && recall[n] > recall[0] && coverage[n] > coverage[0]) {
      better.push_back(better_ratio(sweep, folds, n));
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
