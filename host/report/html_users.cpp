#include <fmt/format.h>

#include "host/report/activity_charts.h"
#include "host/report/escape.h"
#include "host/report/html_page.h"
#include "host/report/user_tables.h"

namespace matinee::host {
std::string html_tables(const std::vector<TextTable>& tables) {
  std::string html;
  for (const TextTable& table : tables) {
    html += fmt::format(
        "<h3>{}</h3>\n<p class=\"hint\">{}</p>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" "
        "aria-label=\"{}\">\n"
        "<table>\n<thead><tr>",
        html_escaped(table.title), html_escaped(table.sentence), html_escaped(table.title));
    for (const std::string& title : table.head) html += fmt::format("<th scope=\"col\">{}</th>", html_escaped(title));
    html += "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows) {
      html += fmt::format("<tr><th scope=\"row\">{}</th>", html_escaped(row.front()));
      for (std::size_t n = 1; n < row.size(); ++n) html += fmt::format("<td>{}</td>", html_escaped(row[n]));
      html += "</tr>\n";
    }
    html += "</tbody>\n</table>\n</div>\n";
  }
  return html;
}

std::string html_activity(const RunReport& report) {
  std::string html = html_tables(activity_tables(report));
  const std::vector<LineChart> charts = activity_charts(report);
  if (charts.empty()) return html;
  html += "<div class=\"figures\">\n";
  for (const LineChart& chart : charts) html += html_figure(chart);
  return html + "</div>\n";
}

std::string html_clusters(const RunReport& report) {
  return html_tables(cluster_tables(report));
}

}  // namespace matinee::host
