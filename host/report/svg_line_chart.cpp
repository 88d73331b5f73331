#include "host/report/svg_line_chart.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "host/report/axis.h"
#include "host/report/escape.h"
#include "host/report/number_text.h"
#include "host/report/svg_frame.h"

namespace matinee::host {
namespace {

constexpr double kWidth = 360, kHeight = 230;
constexpr double kLeft = 50, kRight = 350, kTop = 10, kBottom = 190;  // the plot
constexpr std::size_t kMostMarks = 15;                                // a longer line has a mark at its end only

struct Scales {
  Axis x, y;

  double across(int64_t epoch) const { return kLeft + x.share(static_cast<double>(epoch)) * (kRight - kLeft); }
  double down(double value) const { return kBottom - y.share(value) * (kBottom - kTop); }
};

Scales scales_of(const LineChart& chart) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  double first = kInfinity, last = -kInfinity, lowest = kInfinity, highest = -kInfinity;
  for (const LineSeries& series : chart.series) {
    for (const CurvePoint& point : series.points) {
      first = std::min(first, static_cast<double>(point.epoch));
      last = std::max(last, static_cast<double>(point.epoch));
      lowest = std::min(lowest, point.value);
      highest = std::max(highest, point.value);
    }
  }
  return {whole_axis(first, last, 6), value_axis(lowest, highest, 5)};
}

std::string axes(const LineChart& chart, const Scales& scales) {
  std::string svg;
  for (const double tick : scales.y.ticks) {
    const double y = scales.down(tick);
    svg += fmt::format(
        "<path class=\"grid\" d=\"M{} {:.1f}H{}\"/><text class=\"tick end\" x=\"{}\" y=\"{:.1f}\">{}</text>", kLeft, y,
        kRight, kLeft - 7, y + 4, scales.y.label(tick));
  }
  for (const double tick : scales.x.ticks) {
    const double x = kLeft + scales.x.share(tick) * (kRight - kLeft);
    svg += fmt::format(
        "<path class=\"axis\" d=\"M{:.1f} {}v5\"/><text class=\"tick middle\" x=\"{:.1f}\" y=\"{}\">{}</text>", x,
        kBottom, x, kBottom + 18, scales.x.label(tick));
  }
  svg += fmt::format("<path class=\"axis\" d=\"M{} {}H{}\"/><text class=\"tick middle\" x=\"{}\" y=\"{}\">{}</text>",
                     kLeft, kBottom, kRight, (kLeft + kRight) / 2, kBottom + 36, html_escaped(chart.horizontal));
  return svg;
}

std::string line(const LineSeries& series, const Scales& scales, const std::string& horizontal) {
  const std::string colour = colour_class(series.colour);
  std::string path, previous;
  for (const CurvePoint& point : series.points) {
    std::string place = fmt::format("{:.1f} {:.1f}", scales.across(point.epoch), scales.down(point.value));
    if (place == previous) continue;
    path += (path.empty() ? "M" : "L") + place;
    previous = std::move(place);
  }
  std::string svg = fmt::format("<path class=\"line {}\" d=\"{}\"/>", colour, path);
  const bool marks = series.points.size() <= kMostMarks;
  for (std::size_t n = marks ? 0 : series.points.size() - 1; n < series.points.size(); ++n) {
    const CurvePoint& point = series.points[n];
    svg += fmt::format(
        "<circle class=\"mark {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.6\"><title>{}, {} {}: {}</title></circle>", colour,
        scales.across(point.epoch), scales.down(point.value), html_escaped(series.name), html_escaped(horizontal),
        point.epoch, metric_text(point.value));
  }
  return svg;
}

std::string description(const LineChart& chart) {
  std::string text;
  for (const LineSeries& series : chart.series) {
    const CurvePoint &first = series.points.front(), &last = series.points.back();
    text += fmt::format("{}{}: {} at {} {}", text.empty() ? "" : "; ", series.name, metric_text(first.value),
                        chart.horizontal, first.epoch);
    if (series.points.size() > 1) {
      text += fmt::format(", {} at {} {}", metric_text(last.value), chart.horizontal, last.epoch);
    }
  }
  return text + ".";
}

}  // namespace

std::string svg_line_chart(const LineChart& chart) {
  const Scales scales = scales_of(chart);
  std::string content = axes(chart, scales);
  for (const LineSeries& series : chart.series) content += line(series, scales, chart.horizontal);
  return svg_frame(chart.id, kWidth, kHeight, chart.title, description(chart), content);
}

std::string chart_legend(const LineChart& chart) {
  std::string html = "<ul class=\"legend\">";
  for (const LineSeries& series : chart.series) {
    html += fmt::format(
        "<li><svg xmlns=\"http://www.w3.org/2000/svg\" aria-hidden=\"true\" viewBox=\"0 0 22 8\">"
        "<path class=\"line {}\" d=\"M1 4H21\"/></svg>{}</li>",
        colour_class(series.colour), html_escaped(series.name));
  }
  return html + "</ul>\n";
}

}  // namespace matinee::host
