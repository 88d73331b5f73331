#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "host/report/run_report.h"

namespace matinee::host {

struct LineSeries {
  std::string name;
  std::size_t colour;              // for colour_class()
  std::vector<CurvePoint> points;  // finite, rising in epoch; at least one
};

struct LineChart {
  std::string id, title;
  std::string horizontal;  // what the x axis counts: "epoch"
  std::vector<LineSeries> series;
};

// An SVG line chart, and the legend for it as an HTML list.
std::string svg_line_chart(const LineChart& chart);
std::string chart_legend(const LineChart& chart);

}  // namespace matinee::host
