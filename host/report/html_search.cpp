#include <fmt/format.h>

#include "host/report/escape.h"
#include "host/report/html_page.h"
#include "host/report/metric_columns.h"
#include "host/report/number_text.h"
#include "host/report/report_text.h"

namespace matinee::host {

std::string html_search(const RunReport& report) {
  if (report.search.empty()) return "";
  std::string html =
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Search\">\n<table>\n<thead><tr>"
      "<th scope=\"col\">Ranking</th>";
  for (const auto& metric : report.search.front().metrics) {
    html += fmt::format("<th scope=\"col\">{}</th>", html_escaped(metric_column(metric.first).title()));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const engine::Evaluation& evaluation : report.search) {
    html += fmt::format("<tr><th scope=\"row\">{}</th>", html_escaped(search_ranking(evaluation)));
    for (const auto& metric : evaluation.metrics) html += fmt::format("<td>{}</td>", metric_text(metric.second));
    html += "</tr>\n";
  }
  return html + fmt::format("</tbody>\n</table>\n</div>\n<p class=\"protocol\"><b>Protocol.</b> {}</p>\n",
                            html_escaped(search_protocol(report.search.front())));
}

}  // namespace matinee::host
