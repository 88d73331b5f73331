#include <fmt/format.h>

#include "host/report/escape.h"
#include "host/report/html_page.h"
#include "host/report/nearest_table.h"
#include "host/report/report_text.h"

namespace matinee::host {

std::string html_directors(const RunReport& report) {
  std::string html;
  for (const ModelReport& model : report.models) {
    if (model.directors.empty()) continue;
    html += fmt::format("<h3>{}</h3>\n<p>{}</p>\n", html_escaped(model.name), kDirectorsSentence) +
            html_nearest("The directors of the most titles", "Director", "Nearest directors", model.directors);
  }
  return html;
}

std::string html_decoded(const RunReport& report) {
  std::string html;
  for (const ModelReport& model : report.models) {
    if (model.decoded.empty()) continue;
    html += fmt::format("<h3>{}</h3>\n<p>{}</p>\n", html_escaped(model.name), kDecodedSentence);
    html +=
        "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Texts said again\">\n<table>\n<thead><tr>"
        "<th scope=\"col\" class=\"text\">Text</th><th scope=\"col\" class=\"text\">Greedy</th>"
        "<th scope=\"col\" class=\"text\">Beam</th><th scope=\"col\">Held out</th></tr></thead>\n<tbody>\n";
    for (const DecodedLine& line : model.decoded) {
      html += fmt::format(
          "<tr><td class=\"text\">{}</td><td class=\"text\">{}</td><td class=\"text\">{}</td><td>{}</td></tr>\n",
          html_escaped(line.text), html_escaped(line.greedy), html_escaped(line.beam), line.held_out ? "yes" : "no");
    }
    html += "</tbody>\n</table>\n</div>\n";
  }
  return html;
}

}  // namespace matinee::host
