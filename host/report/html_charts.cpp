#include <array>

#include <fmt/format.h>

#include "host/report/escape.h"
#include "host/report/html_page.h"
#include "host/report/metric_columns.h"
#include "host/report/number_text.h"
#include "host/report/protocol_text.h"
#include "host/report/report_text.h"
#include "host/report/svg_bar_chart.h"
#include "host/report/svg_histogram.h"
#include "host/report/svg_line_chart.h"
#include "host/report/training_table.h"

namespace matinee::host {
std::string html_figure(std::string_view title, std::string_view content) {
  return fmt::format("<figure><figcaption>{}</figcaption>\n{}</figure>\n", html_escaped(title), content);
}

std::string html_figure(const LineChart& chart) {
  return html_figure(chart.title, svg_line_chart(chart) + chart_legend(chart));
}

namespace {

// One bar chart for each column of the first table: the shortest lists.
std::string bar_charts(const RunReport& report, const MetricTable& table, const std::string& id) {
  std::string html;
  for (std::size_t n = 0; n < table.columns.size(); ++n) {
    BarChart chart{fmt::format("{}-{}", id, n), table.columns[n].title(), {}};
    for (const MetricRow& row : table.rows) {
      if (row.values[n]) chart.bars.push_back({report.models[row.model].name, row.model, *row.values[n], row.best[n]});
    }
    html += html_figure(chart.title, svg_bar_chart(chart));
  }
  return html;
}

// How a metric changes with the length of the lists, where there are several.
std::string cutoff_charts(const RunReport& report, const MetricBlock& block, const std::string& id) {
  std::map<std::string, std::map<std::size_t, LineSeries>> metrics;  // base -> model -> line
  for (const MetricTable& table : block.tables) {
    if (table.cutoff == 0) continue;
    for (const MetricRow& row : table.rows) {
      for (std::size_t n = 0; n < table.columns.size(); ++n) {
        if (!row.values[n]) continue;
        LineSeries& series = metrics[table.columns[n].base][row.model];
        series.name = report.models[row.model].name;
        series.colour = row.model;
        series.points.push_back({table.cutoff, *row.values[n]});
      }
    }
  }
  std::string html;
  for (const char* base : {"ndcg", "hit_rate", "recall"}) {
    LineChart chart{fmt::format("{}-{}", id, base), label_of(base) + " by length of the list", "N", {}};
    for (auto& [model, series] : metrics[base]) {
      if (series.points.size() > 1) chart.series.push_back(std::move(series));
    }
    if (!chart.series.empty()) html += html_figure(chart);
  }
  return html;
}

}  // namespace

std::string html_comparison(const RunReport& report) {
  std::string html;
  int number = 0;
  for (const MetricBlock& block : main_metric_blocks(report)) {
    const std::string id = fmt::format("compare-{}", ++number);
    html += fmt::format("<h3>{}</h3>\n<div class=\"figures\">\n", html_escaped(candidates_title(block.candidates)));
    html += bar_charts(report, block.tables.front(), id) + cutoff_charts(report, block, id) + "</div>\n";
  }
  return html;
}

std::string html_training(const RunReport& report) {
  std::map<std::string, LineChart> charts;  // by the curve's name
  for (std::size_t model = 0; model < report.models.size(); ++model) {
    for (const auto& [name, points] : report.models[model].curves) {
      if (points.empty()) continue;
      const auto id = fmt::format("curve-{}", charts.size() + 1);
      LineChart& chart = charts.try_emplace(name, LineChart{id, label_of(name), "epoch", {}}).first->second;
      chart.series.push_back({report.models[model].name, model, points});
    }
  }
  if (charts.empty()) return "";
  std::string html = "<div class=\"figures\">\n";
  for (const auto& [name, chart] : charts) html += html_figure(chart);
  return html + "</div>\n" + html_tables({training_table(report)});
}

std::string html_data(const RunReport& report) {
  std::string html;
  if (!report.split.empty()) html += fmt::format("<p><b>Split.</b> {}</p>\n", html_escaped(report.split));
  if (!report.notes.empty()) {
    html += "<ul class=\"notes\">\n";
    for (const std::string& note : report.notes) html += fmt::format("<li>{}</li>\n", html_escaped(note));
    html += "</ul>\n";
  }
  Histogram histogram{"ratings", "Ratings by value", "rating", {}};
  for (const auto& [label, count] : rating_counts(report)) histogram.bins.push_back({label, count});
  if (!histogram.bins.empty()) {
    html += "<div class=\"figures\">\n" + html_figure(histogram.title, svg_histogram(histogram)) + "</div>\n";
  }
  return html;
}

}  // namespace matinee::host
