#include <fmt/format.h>

#include "host/report/escape.h"
#include "host/report/html_page.h"
#include "host/report/metric_columns.h"
#include "host/report/protocol_text.h"
#include "host/report/ratio_sweeps.h"
#include "host/report/svg_line_chart.h"

namespace matinee::host {

std::string html_sweeps(const RunReport& report) {
  std::string html;
  int number = 0;
  for (const SweepReport& sweep : report.sweeps) {
    html += fmt::format("<h3>{}, collaborative : content</h3>\n", html_escaped(sweep.model));
    if (const std::string sentence = sweep_sentence(sweep); !sentence.empty()) {
      html += fmt::format("<p>{}</p>\n", html_escaped(sentence));
    }
    const RunReport ratios = report_of(sweep);
    for (const MetricBlock& block : main_metric_blocks(ratios)) {
      for (const MetricTable& table : block.tables) html += html_metric_table(ratios, block, table, "Ratio");
      html += fmt::format("<p class=\"protocol\"><b>Protocol.</b> {}</p>\n",
                          html_escaped(protocol_sentences(block.protocol)));
    }
    const LineChart chart = sweep_chart(sweep, fmt::format("sweep-{}", ++number));
    if (chart.series.empty()) continue;
    html += "<div class=\"figures\">\n" + html_figure(chart) + "</div>\n";
  }
  return html;
}

}  // namespace matinee::host
