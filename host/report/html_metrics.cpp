#include <fmt/format.h>

#include "host/report/claims.h"
#include "host/report/escape.h"
#include "host/report/html_page.h"
#include "host/report/metric_columns.h"
#include "host/report/number_text.h"
#include "host/report/protocol_text.h"

namespace matinee::host {
namespace {

std::string head_cell(const MetricColumn& column) {
  std::string name = label_of(column.base);
  if (column.cutoff > 0) name += fmt::format("@{}", column.cutoff);
  std::string html = "<th scope=\"col\">" + html_escaped(name);
  if (!column.variant.empty()) html += fmt::format(" <small>{}</small>", html_escaped(label_of(column.variant)));
  return html + "</th>";
}

std::string value_cell(const MetricRow& row, std::size_t column) {
  if (!row.values[column]) return "<td class=\"none\">\u2013</td>";
  if (!row.best[column]) return fmt::format("<td>{}</td>", row.text(column));
  return fmt::format("<td class=\"best\"><strong>{}</strong><span class=\"spoken\"> best</span></td>",
                     row.text(column));
}

}  // namespace

std::string html_metric_table(const RunReport& report, const MetricBlock& block, const MetricTable& table,
                              std::string_view head) {
  const std::string title = candidates_title(block.candidates);
  const std::string caption = table.cutoff > 0 ? fmt::format("{}, lists of {}", title, table.cutoff) : title;
  std::string html = fmt::format(
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{}\">\n<table>\n<caption>{}</caption>\n"
      "<thead><tr><th scope=\"col\">{}</th>",
      html_escaped(caption), html_escaped(caption), head);
  for (const MetricColumn& column : table.columns) html += head_cell(column);
  html += "</tr></thead>\n<tbody>\n";
  for (const MetricRow& row : table.rows) {
    html += fmt::format("<tr><th scope=\"row\">{}</th>", html_escaped(report.models[row.model].name));
    for (std::size_t n = 0; n < row.values.size(); ++n) html += value_cell(row, n);
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n</div>\n";
}

std::string html_metrics(const RunReport& report) {
  const std::vector<MetricBlock> blocks = metric_blocks(report);
  if (blocks.empty()) return "<p>No model was evaluated.</p>\n";
  std::string html =
      "<p class=\"hint\">The best value of each column is marked. Numbers are comparable within a table only.</p>\n";
  for (const MetricBlock& block : blocks) {
    html += fmt::format("<h3>{}</h3>\n", html_escaped(candidates_title(block.candidates)));
    for (const MetricTable& table : block.tables) html += html_metric_table(report, block, table, "Model");
    html += fmt::format("<p class=\"protocol\"><b>Protocol.</b> {}</p>\n",
                        html_escaped(protocol_sentences(block.protocol)));
    for (const auto& [model, protocol] : block.of_models) {
      html += fmt::format("<p class=\"protocol\"><b>{}.</b> {}</p>\n", html_escaped(report.models[model].name),
                          html_escaped(protocol_sentences(protocol)));
    }
  }
  return html;
}

std::string html_claims(const RunReport& report) {
  if (report.claims.empty()) return "";
  std::string html =
      "<p class=\"hint\">Claims are what others have published, not targets; whether they are comparable depends on "
      "their "
      "protocol.</p>\n<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Published claims\">\n<table "
      "class=\"claims\">\n"
      "<thead><tr><th scope=\"col\">Model</th><th scope=\"col\" class=\"text\">Metric</th>"
      "<th scope=\"col\" class=\"text\">Source</th><th scope=\"col\">Claim</th>"
      "<th scope=\"col\">Measured</th><th scope=\"col\">Difference</th></tr></thead>\n<tbody>\n";
  for (const ComparedClaim& compared : compare_claims(report)) {
    const Claim& claim = *compared.claim;
    html += fmt::format(
        "<tr><th scope=\"row\">{}</th><td class=\"text\">{} <small>{}</small></td><td "
        "class=\"text\">{}</td><td>{}</td>",
        html_escaped(claim.model), html_escaped(metric_column(compared.metric).title()),
        html_escaped(where_measured(compared)), html_escaped(claim.source), metric_text(claim.value));
    if (compared.measured) {
      html += fmt::format("<td>{}</td><td>{}</td></tr>\n", metric_text(*compared.measured, compared.deviation),
                          difference_text(*compared.measured - claim.value));
    } else {
      html += "<td class=\"none\">not measured</td><td class=\"none\">\u2013</td></tr>\n";
    }
  }
  return html + "</tbody>\n</table>\n</div>\n";
}

}  // namespace matinee::host
