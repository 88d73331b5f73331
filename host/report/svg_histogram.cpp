#include "host/report/svg_histogram.h"

#include <algorithm>

#include <fmt/format.h>

#include "host/report/axis.h"
#include "host/report/escape.h"
#include "host/report/number_text.h"
#include "host/report/svg_frame.h"

namespace matinee::host {
namespace {

constexpr double kWidth = 360, kHeight = 230;
constexpr double kLeft = 66, kRight = 350, kTop = 10, kBottom = 190;  // the plot
constexpr std::size_t kMostLabels = 12;

}  // namespace

std::string svg_histogram(const Histogram& histogram) {
  int64_t total = 0, highest = 1;
  for (const HistogramBin& bin : histogram.bins) {
    total += bin.count;
    highest = std::max(highest, bin.count);
  }
  const Axis axis = value_axis(0, static_cast<double>(highest), 4);
  std::string content, description;
  for (const double tick : axis.ticks) {
    const double y = kBottom - axis.share(tick) * (kBottom - kTop);
    content += fmt::format(
        "<path class=\"grid\" d=\"M{} {:.1f}H{}\"/><text class=\"tick end\" x=\"{}\" y=\"{:.1f}\">{}</text>", kLeft, y,
        kRight, kLeft - 7, y + 4, axis.step < 1 ? axis.label(tick) : count_text(static_cast<int64_t>(tick)));
  }
  const double pitch = (kRight - kLeft) / static_cast<double>(histogram.bins.size());
  const std::size_t every = (histogram.bins.size() + kMostLabels - 1) / kMostLabels;
  for (std::size_t n = 0; n < histogram.bins.size(); ++n) {
    const HistogramBin& bin = histogram.bins[n];
    const double left = kLeft + pitch * static_cast<double>(n);
    const double height = axis.share(static_cast<double>(bin.count)) * (kBottom - kTop);
    const double percent = total == 0 ? 0 : 100 * static_cast<double>(bin.count) / static_cast<double>(total);
    const std::string fact = fmt::format("{}: {} ({:.1f} %)", bin.label, count_text(bin.count), percent);
    content += fmt::format(
        "<rect class=\"bar column\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
        "height=\"{:.1f}\"><title>{}</title></rect>",
        left + pitch * 0.1, kBottom - height, pitch * 0.8, height, html_escaped(fact));
    if (n % every == 0) {
      content += fmt::format("<text class=\"tick middle\" x=\"{:.1f}\" y=\"{}\">{}</text>", left + pitch / 2,
                             kBottom + 18, html_escaped(bin.label));
    }
    description += (n == 0 ? "" : "; ") + fact;
  }
  content +=
      fmt::format("<path class=\"axis\" d=\"M{} {}H{}\"/><text class=\"tick middle\" x=\"{}\" y=\"{}\">{}</text>",
                  kLeft, kBottom, kRight, (kLeft + kRight) / 2, kBottom + 36, html_escaped(histogram.horizontal));
  return svg_frame(histogram.id, kWidth, kHeight, histogram.title, description + ".", content);
}

}  // namespace matinee::host
