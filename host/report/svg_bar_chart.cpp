#include "host/report/svg_bar_chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "host/report/escape.h"
#include "host/report/number_text.h"
#include "host/report/svg_frame.h"

namespace matinee::host {
namespace {

constexpr double kWidth = 360, kRow = 26, kThickness = 15, kValueWidth = 62;
constexpr std::size_t kLongestName = 18;  // code points

// Where bars begin and end: `zero` and `unit` map a value to x.
struct Span {
  double left, zero, unit;
};

Span span_of(const BarChart& chart) {
  std::size_t longest = 1;
  double lowest = 0, highest = 0;
  for (const Bar& bar : chart.bars) {
    longest = std::max(longest, std::min(code_points(bar.name), kLongestName));
    lowest = std::min(lowest, bar.value);
    highest = std::max(highest, bar.value);
  }
  const double left = 14 + 6.6 * static_cast<double>(longest);
  const double width = kWidth - kValueWidth - left;
  const double largest = std::max(-lowest, highest);
  if (largest == 0) return {left, left, 0};
  // In shares of the largest value: differences of any finite values stay finite.
  const double spread = highest / largest - lowest / largest;
  return {left, left + width * (-lowest / largest) / spread, width / spread / largest};
}

}  // namespace

std::string svg_bar_chart(const BarChart& chart) {
  const Span span = span_of(chart);
  const double height = kRow * static_cast<double>(chart.bars.size()) + 4;
  std::string content, description;
  double middle = 2 + kRow / 2;
  for (const Bar& bar : chart.bars) {
    const double end = span.zero + bar.value * span.unit;
    content += fmt::format(
        "<g><title>{}: {}</title><text class=\"end\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>"
        "<rect class=\"bar {}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{}\" rx=\"2\"/>"
        "<text class=\"end{}\" x=\"{}\" y=\"{:.1f}\">{}</text></g>",
        html_escaped(bar.name), metric_text(bar.value), span.left - 8, middle + 4, shortened(bar.name, kLongestName),
        colour_class(bar.colour), std::min(span.zero, end), middle - kThickness / 2,
        std::max(1.0, std::abs(end - span.zero)), kThickness, bar.best ? " strong" : "", kWidth - 2, middle + 4,
        metric_text(bar.value));
    description += fmt::format("{}{}: {}", description.empty() ? "" : "; ", bar.name, metric_text(bar.value));
    middle += kRow;
  }
  content += fmt::format("<path class=\"axis\" d=\"M{:.1f} 2V{}\"/>", span.zero, height - 2);
  return svg_frame(chart.id, kWidth, height, chart.title, description + ".", content);
}

}  // namespace matinee::host
