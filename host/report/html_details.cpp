#include <fmt/format.h>

#include "host/report/escape.h"
#include "host/report/html_page.h"
#include "host/report/metric_columns.h"
#include "host/report/number_text.h"
#include "host/report/protocol_text.h"
#include "host/report/report_text.h"

namespace matinee::host {
namespace {

std::string collapsible(std::string_view title, std::string_view hint, std::string_view content) {
  return fmt::format("<details>\n<summary>{} <small>{}</small></summary>\n{}</details>\n", html_escaped(title),
                     html_escaped(hint), content);
}

std::string fold_table(const FoldTable& table) {
  std::string html =
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Values per fold\">\n<table>\n"
      "<thead><tr><th scope=\"col\">Fold</th>";
  for (const MetricColumn& column : table.columns) {
    html += fmt::format("<th scope=\"col\">{}</th>", html_escaped(column.title()));
  }
  html += "</tr></thead>\n<tbody>\n";
  for (const FoldTable::Row& row : table.rows) {
    html += fmt::format("<tr><th scope=\"row\">{}</th>", html_escaped(row.fold));
    for (std::size_t n = 0; n < row.values.size(); ++n) {
      html += row.values[n] ? fmt::format("<td>{}</td>", row.text(n)) : "<td class=\"none\">\u2013</td>";
    }
    html += "</tr>\n";
  }
  return html + "</tbody>\n</table>\n</div>\n";
}

std::string parameter_table(const ModelReport& model) {
  const auto parameters = parameter_list(model.parameters);
  if (parameters.empty()) return "<p>No parameters.</p>\n";
  std::string html =
      "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Parameters\">\n<table class=\"parameters\">\n"
      "<thead><tr><th scope=\"col\">Parameter</th><th scope=\"col\" class=\"text\">Value</th></tr></thead>\n<tbody>\n";
  for (const auto& [name, value] : parameters) {
    html += fmt::format("<tr><th scope=\"row\"><code>{}</code></th><td class=\"text\">{}</td></tr>\n",
                        html_escaped(name), html_escaped(value));
  }
  return html + "</tbody>\n</table>\n</div>\n";
}

std::string recommendation_list(const SampleList& sample) {
  std::string html = fmt::format(
      "<div class=\"card\">\n<table>\n<caption><b>User {}</b> <span class=\"chip\">{}</span></caption>\n<thead><tr>"
      "<th scope=\"col\" class=\"rank\">#</th><th scope=\"col\" class=\"text\">Title</th><th "
      "scope=\"col\">Score</th></tr></thead>\n<tbody>\n",
      html_escaped(sample.user), html_escaped(sample.model));
  for (const SampleList::Line& line : sample.lines) {
    const bool titled = !line.title.empty();
    html +=
        fmt::format("<tr><td class=\"rank\">{}</td><th scope=\"row\" class=\"text\">{}{}</th><td>{}</td></tr>\n",
                    line.rank, html_escaped(titled ? line.title : "Item " + line.item),
                    titled ? fmt::format(" <small>{}</small>", html_escaped(line.item)) : "", metric_text(line.score));
  }
  return html + "</tbody>\n</table>\n</div>\n";
}

}  // namespace

std::string html_recommendations(const RunReport& report) {
  if (report.samples.empty()) return "";
  std::string html = "<div class=\"cards\">\n";
  for (const SampleList& sample : report.samples) html += recommendation_list(sample);
  return html + "</div>\n";
}

std::string html_details(const RunReport& report) {
  std::string html;
  for (const FoldTable& table : fold_tables(report)) {
    html += collapsible(report.models[table.model].name, "per fold, " + candidates_title(table.candidates),
                        fold_table(table));
  }
  for (const ModelReport& model : report.models) {
    html += collapsible(model.name, "parameters of " + model.type, parameter_table(model));
  }
  html += collapsible("Resolved job file", "every default filled in",
                      fmt::format("<pre tabindex=\"0\"><code>{}</code></pre>\n", html_escaped(report.resolved_config)));
  return html;
}

}  // namespace matinee::host
