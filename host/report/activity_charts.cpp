#include "host/report/activity_charts.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include "host/report/activity_rows.h"

namespace matinee::host {
namespace {

// What a line of a chart has at a place of the x axis.
struct Place {
  std::string line;
  int64_t x;
  const engine::Evaluation* evaluation;
};

// One chart for each measure of the shortest lists; lines in the order of their first place.
void add_charts(const std::vector<Place>& places, std::string_view title, const std::string& horizontal,
                std::vector<LineChart>& charts) {
  std::vector<const engine::Evaluation*> evaluations;
  for (const Place& place : places) evaluations.push_back(place.evaluation);
  for (const MetricColumn& column : activity_measures(evaluations)) {
    if (column.cutoff != activity_measures(evaluations).front().cutoff) break;
    LineChart chart{
        fmt::format("activity-{}", charts.size() + 1), fmt::format("{} {}", column.title(), title), horizontal, {}};
    for (const Place& place : places) {
      const auto value = place.evaluation->metrics.find(column.name);
      if (value == place.evaluation->metrics.end()) continue;
      auto line = std::ranges::find(chart.series, place.line, &LineSeries::name);
      if (line == chart.series.end()) {
        line = chart.series.insert(line, {place.line, chart.series.size(), {}});
      }
      if (line->points.empty() || line->points.back().epoch < place.x) line->points.push_back({place.x, value->second});
    }
    std::erase_if(chart.series, [](const LineSeries& line) { return line.points.size() < 2; });
    if (!chart.series.empty()) charts.push_back(std::move(chart));
  }
}

std::vector<Place> mixing_places(const RunReport& report) {
  std::vector<Place> places;
  for (const MixingRow& row : mixing_rows(report)) {
    double mix = 0;
    const char* end = row.mix.data() + row.mix.size();
    if (std::from_chars(row.mix.data(), end, mix).ptr != end || row.mix.empty()) continue;
    places.push_back({row.model->type, std::llround(mix * 100), row.evaluation});
  }
  std::ranges::stable_sort(places, {}, &Place::x);
  return places;
}

std::vector<Place> quantile_places(const RunReport& report) {
  std::vector<Place> places;
  std::vector<std::string_view> types;
  for (const ModelReport& model : report.models) {
    const auto bins = activity_bins(model);
    if (bins.empty() || std::ranges::find(types, model.type) != types.end()) continue;
    types.push_back(model.type);
    for (std::size_t bin = 0; bin < bins.size(); ++bin) {
      places.push_back({model.name, static_cast<int64_t>(bin) + 1, bins[bin]});
    }
  }
  return places;
}

}  // namespace

std::vector<LineChart> activity_charts(const RunReport& report) {
  std::vector<LineChart> charts;
  add_charts(mixing_places(report), "by share of the cluster, reading mixing", "\u03bb in hundredths", charts);
  add_charts(quantile_places(report), "by activity, reading quantile", "bin, from few ratings to many", charts);
  return charts;
}

}  // namespace matinee::host
